import { singleFlight } from '../families/single-flight.ts'
import type { TokenDeps } from '../oauth-deps.ts'
import type { Client, SigningKey } from './client.model.ts'
import { findClient } from './find-client.ts'
import { makeSigningKey } from './make-signing-key.ts'
import { currentIdTokenKey } from './signing-keys.ts'

type Deps = Pick<TokenDeps, 'clients' | 'keyring'>

// Making an RSA key takes a second of CPU.
const shareMaking = singleFlight<SigningKey>()

/**
 * The key that signs a client's id_tokens: the one of its access tokens if the algorithm is the same,
 * else one of its own, made when the first id_token needs it.
 *
 * @throws Error when the client was removed meanwhile
 */
export async function idTokenKey(deps: Deps, client: Client): Promise<SigningKey> {
  const present = currentIdTokenKey(client.keys, client.idTokenAlg)
  if (present) return present
  const making = `${client.id} ${client.idTokenAlg}`
  return await shareMaking(deps.clients, making, () => make(deps, client))
}

/** Of two servers at once one writes, and the other takes the key that it finds. */
async function make({ clients, keyring }: Deps, client: Client): Promise<SigningKey> {
  const made = await makeSigningKey(keyring, { alg: client.idTokenAlg, signsFrom: new Date() })
  const key: SigningKey = { ...made, use: 'id_token' }
  const unchanged = {
    _id: client.id,
    [`keys.${client.keys.length - 1}.kid`]: client.keys.at(-1)?.kid,
    [`keys.${client.keys.length}`]: { $exists: false },
  }
  const { matchedCount } = await clients.updateOne(unchanged, { $push: { keys: key } })
  if (matchedCount === 1) return key
  const latest = await findClient(clients, client.id)
  if (!latest) throw new Error(`client ${client.id} was removed`)
  return (
    currentIdTokenKey(latest.keys, client.idTokenAlg) ?? (await make({ clients, keyring }, latest))
  )
}
