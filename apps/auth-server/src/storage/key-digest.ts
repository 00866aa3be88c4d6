import { createHash } from 'node:crypto'

/** Stands in a key of Redis for a name or an address: whose it is, is nobody's business there. */
export function keyDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
