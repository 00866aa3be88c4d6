import { createHash } from 'node:crypto'

/** Hash that keeps user names and addresses out of Redis keys. */
export function keyDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
