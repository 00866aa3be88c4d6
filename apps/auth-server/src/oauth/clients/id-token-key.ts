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
 * The key that signs a client's id_tokens: the key of its access tokens if the algorithm is the same,
 * otherwise a separate one, made for the first id_token.
 *
 * @throws Error if the client was removed in the meantime
 */
export async function idTokenKey(deps: Deps, client: Client): Promise<SigningKey> {
  const present = currentIdTokenKey(client.keys, client.idTokenAlg)
  if (present) return present
  const making = `${client.id} ${client.idTokenAlg}`
  return await shareMaking(deps.clients, making, () => make(deps, client))
}

/** If two servers do this at once, one writes its key and the other uses that one. */
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
