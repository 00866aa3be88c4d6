import { createHash, createHmac, hkdfSync } from 'node:crypto'

/**
 * The token of an invite: HMAC-SHA-256 of its id under a key for this purpose only (HKDF, RFC 5869),
 * 256 bits in base64url. The e-mail can be composed later although no token is stored.
 */
export function inviteToken(secret: string, id: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'invite', 32))
  return createHmac('sha256', key).update(id).digest('base64url')
}

/** The hash that is stored in place of a token (R16). */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
