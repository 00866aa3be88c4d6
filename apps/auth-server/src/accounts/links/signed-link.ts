import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { type LinkPurpose, linkPurposes, type LinkUser } from './link-purposes.ts'

/** A link's token and when it ends. */
type SignedLink = { token: string; expiresAt: Date }

/**
 * A token that lets whoever holds it do one thing to one user, for a while. Nothing is stored: it
 * is signed over the state it changes, so using it ends it, and a newer one ends no older one.
 *
 * The token is base64url of user id (12 bytes), expiry (4 bytes, seconds since 1970), signature (32
 * bytes), and the e-mail address where it carries one.
 *
 * @param options.email the address that a link goes back to that restores one
 * @param options.secrets MAIL_SECRETS: the first signs
 */
export function signLink(options: {
  purpose: LinkPurpose
  user: LinkUser
  email?: string
  secrets: readonly string[]
  now?: Date
}): SignedLink {
  const { purpose, user, email = '', secrets, now = new Date() } = options
  const [secret] = secrets
  if (!secret) throw new TypeError('signLink needs a secret')
  const expiry = Math.floor(now.getTime() / 1000) + linkPurposes[purpose].lifetime
  const expiryBytes = Buffer.alloc(4)
  expiryBytes.writeUInt32BE(expiry)
  const signature = linkSignature(secret, { purpose, user, expiry, email })
  const head = Buffer.from(user.id, 'hex')
  const token = Buffer.concat([head, expiryBytes, signature, Buffer.from(email)])
  return { token: token.toString('base64url'), expiresAt: new Date(expiry * 1000) }
}

/**
 * The signature of a link: HMAC-SHA-256, 256 bits, under a key of this purpose alone (HKDF, RFC
 * 5869), over the user, the expiry (seconds since 1970), the e-mail address the token
 * carries and the state that the link changes.
 */
function linkSignature(
  secret: string,
  link: { purpose: LinkPurpose; user: LinkUser; expiry: number; email: string },
): Buffer {
  const { purpose, user, expiry, email } = link
  const key = Buffer.from(hkdfSync('sha256', secret, '', `link:${purpose}`, 32))
  // As JSON, so that no two states run together into one text.
  const state = linkPurposes[purpose].state(user)
  const signed = JSON.stringify([purpose, user.id, expiry, email, ...state])
  return createHmac('sha256', key).update(signed).digest()
}

type Link = { userId: string; expiry: number; signature: Buffer; email: string }

/** Whom a link is about, and the e-mail address it carries, else ''. */
export type VerifiedLink<User> = { user: User; email: string }

/**
 * The user a link's token is about; null if it is forged, for another purpose, expired, or done
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
