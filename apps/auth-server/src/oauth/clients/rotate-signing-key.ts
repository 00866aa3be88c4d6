import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { keysChanged } from '../../http/errors.ts'
import type { Client, Clients, SigningAlgorithm } from './client.model.ts'
import type { Keyring } from './keyring.ts'
import { makeSigningKey } from './make-signing-key.ts'
import { currentKey, keysToKeep, PUBLISH_AHEAD_MS } from './signing-keys.ts'

type Deps = { clients: Clients; keyring: Keyring; refreshDays: number; audit: Audit }

/**
 * Gives a client a new signing key. It is published at once and signs 15 minutes later. The previous key
 * stays published until the last token it signed has expired. It is kept until the last refresh token
 * issued with one of its tokens has expired, because `/refresh` takes expired access tokens.
 *
 * @param options.now for a stolen key: the new key signs at once and the others are removed, which
 *   refuses every token they signed
 * @throws Problem 409 `keys_changed_meanwhile` if somebody else has just rotated the key
 */
export async function rotateSigningKey(
  { clients, keyring, refreshDays, audit }: Deps,
  client: Client,
  { now = false, from, ...options }: { alg?: SigningAlgorithm; now?: boolean; from: AuditSource },
): Promise<{ kid: string; signsFrom: Date }> {
  const alg = options.alg ?? currentKey(client.keys)?.alg ?? 'ES256'
  const signsFrom = new Date(Date.now() + (now ? 0 : PUBLISH_AHEAD_MS))
  const key = await makeSigningKey(keyring, { alg, signsFrom })
  const kept = now ? [] : keysToKeep(client.keys, refreshDays)
  const unchanged = {
    _id: client.id,
    [`keys.${client.keys.length - 1}.kid`]: client.keys.at(-1)?.kid,
    [`keys.${client.keys.length}`]: { $exists: false },
  }
  const { matchedCount } = await clients.updateOne(unchanged, { $set: { keys: [...kept, key] } })
  if (matchedCount === 0) throw keysChanged()
  audit.clientRotated(from, { client, what: now ? 'key, stolen' : 'key' })
  return { kid: key.kid, signsFrom }
}
