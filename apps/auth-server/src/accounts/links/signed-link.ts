import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { type LinkPurpose, linkPurposes, type LinkUser } from './link-purposes.ts'

/** A link's token and its expiry. */
type SignedLink = { token: string; expiresAt: Date }

/**
 * A token that lets its holder do one thing to one user for a limited time. Nothing is stored: it is
 * signed over the state it changes, so using it invalidates it, but a newer token does not.
 *
 * The token is base64url of the user id (12 bytes), the expiry (4 bytes, seconds since 1970), the
 * signature (32 bytes) and, for `restore_email`, the e-mail address.
 *
 * @param options.email the address to restore, for `restore_email`
 * @param options.secrets MAIL_SECRETS; the first one signs
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
 * The signature of a link: HMAC-SHA-256 under a key for this purpose only (HKDF, RFC 5869), over the
 * user, the expiry (seconds since 1970), the address in the token and the state that the link
 * changes.
 */
function linkSignature(
  secret: string,
  link: { purpose: LinkPurpose; user: LinkUser; expiry: number; email: string },
): Buffer {
  const { purpose, user, expiry, email } = link
  const key = Buffer.from(hkdfSync('sha256', secret, '', `link:${purpose}`, 32))
  // As JSON, so that different states never give the same text.
  const state = linkPurposes[purpose].state(user)
  const signed = JSON.stringify([purpose, user.id, expiry, email, ...state])
  return createHmac('sha256', key).update(signed).digest()
}

type Link = { userId: string; expiry: number; signature: Buffer; email: string }

/** The user that a link is about, and the address it carries, or ''. */
export type VerifiedLink<User> = { user: User; email: string }

/**
 * The user that a link's token is about. Null if the token is forged, for another purpose, expired or
 * used, if the state it would change has changed, or if the user is being deleted.
 *
 * @param options.secrets MAIL_SECRETS; all of them verify
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

// 48 bytes and an address of at most 254 characters. Encoding it again must give the same text, so
// that there is only one way to write a token.
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
