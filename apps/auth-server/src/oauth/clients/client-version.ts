import { createHash } from 'node:crypto'
import type { Client } from './client.model.ts'

/** What of a client can be changed, as a text that is another one once any of it was. */
export function clientVersion({ name, redirectUris, audiences, scopes }: Client): string {
  const content = JSON.stringify([name, redirectUris, audiences, scopes])
  return createHash('sha256').update(content).digest('base64url')
}
