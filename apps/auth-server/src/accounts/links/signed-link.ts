import { linkPurposes, type LinkPurpose, type LinkUser } from './link-purposes.ts'
import { linkSignature } from './link-signature.ts'

/** A link's token and when it ends. */
export type SignedLink = { token: string; expiresAt: Date }

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
