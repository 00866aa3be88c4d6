import { createHash, createHmac, hkdfSync } from 'node:crypto'

/**
 * The token of an invite: HMAC-SHA-256 of its id under a key of this purpose alone (HKDF, RFC 5869),
 * so that the mail can be written later without the token being stored. 256 bits in base64url.
 */
export function inviteToken(secret: string, id: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'invite', 32))
  return createHmac('sha256', key).update(id).digest('base64url')
}

/** What is stored of a token (R16). */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
