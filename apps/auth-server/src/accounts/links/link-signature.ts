import { createHmac, hkdfSync } from 'node:crypto'
import { linkPurposes, type LinkPurpose, type LinkUser } from './link-purposes.ts'

/**
 * The signature of a link: HMAC-SHA-256, 256 bits, under a key of this purpose alone (HKDF, RFC
 * 5869), over the user, the expiry (seconds since 1970), the e-mail address the token
 * carries and the state that the link changes.
 */
export function linkSignature(
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
