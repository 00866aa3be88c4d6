import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { ClientSecret } from './client.model.ts'

/** Makes a secret of 256 random bits, and the record that is stored for it. */
export function makeClientSecret(): { secret: string; stored: ClientSecret } {
  const secret = randomBytes(32).toString('base64url')
  const stored = {
    id: randomUUID(),
    hash: hashSecret(secret),
    createdAt: new Date(),
    lastUsedAt: null,
    expiresAt: null,
  }
  return { secret, stored }
}

/** The stored secret that matches the given one and has not expired. */
export function findSecret(
  secrets: readonly ClientSecret[],
  given: string,
  now = new Date(),
): ClientSecret | undefined {
  const hash = Buffer.from(hashSecret(given))
  return secrets.find((secret) => {
    const isLive = secret.expiresAt === null || secret.expiresAt > now
    return timingSafeEqual(Buffer.from(secret.hash), hash) && isLive
  })
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
