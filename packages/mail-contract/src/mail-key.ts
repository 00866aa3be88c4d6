import { hkdfSync } from 'node:crypto'

export type MailKey = { id: string; key: Uint8Array }

/** Derives an encryption key and its id from a secret (HKDF-SHA-256, RFC 5869). */
export function mailKey(secret: string): MailKey {
  return {
    id: Buffer.from(derive(secret, 'mail key id', 9)).toString('base64url'),
    key: derive(secret, 'mail A256GCM', 32),
  }
}

function derive(secret: string, purpose: string, bytes: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, bytes))
}
