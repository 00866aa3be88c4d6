import { timingSafeEqual } from 'node:crypto'
import type { LinkPurpose, LinkUser } from './link-purposes.ts'
import { linkSignature } from './link-signature.ts'

type Link = { userId: string; expiry: number; signature: Buffer; email: string }

/** Whom a link is about, and the e-mail address it carries, else ''. */
export type VerifiedLink<User> = { user: User; email: string }

/**
 * The user a link's token is about; null where it is forged, for another purpose, expired, or done
 * because what it would change has changed since; null too for a user who is being deleted.
 *
 * @param options.secrets MAIL_SECRETS: all verify
 */
export async function verifyLink<User extends LinkUser>(options: {
  token: string
  purpose: LinkPurpose
  findUser: (id: string) => Promise<User | null>
  secrets: readonly string[]
  now?: Date
}): Promise<VerifiedLink<User> | null> {
  const { token, purpose, findUser, secrets, now = new Date() } = options
  const link = readToken(token)
  if (!link || link.expiry * 1000 <= now.getTime()) return null
  const user = await findUser(link.userId)
  if (!user || user.deletingAt) return null
  const { expiry, signature, email } = link
  const isGood = secrets.some((secret) =>
    timingSafeEqual(signature, linkSignature(secret, { purpose, user, expiry, email })),
  )
  return isGood ? { user, email } : null
}

// 48 bytes and an address of at most 254 characters. Read and written again it has to be the same:
// there is one way only to write a token.
function readToken(token: string): Link | null {
  if (!/^[\w-]{64,1500}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.toString('base64url') !== token) return null
  return {
    userId: bytes.toString('hex', 0, 12),
    expiry: bytes.readUInt32BE(12),
    signature: bytes.subarray(16, 48),
    email: bytes.toString('utf8', 48),
  }
}
