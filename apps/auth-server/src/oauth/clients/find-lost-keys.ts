import type { Clients, SigningKey } from './client.model.ts'
import { listClients } from './find-client.ts'
import type { Keyring } from './keyring.ts'
import { currentKey } from './signing-keys.ts'

/** A client whose tokens cannot be signed. */
export type LostKeys = { clientId: string; name: string; kids: string[] }

/** Clients with a current or future signing key that no secret of KEY_ENCRYPTION_KEY decrypts. */
export async function findLostKeys(deps: {
  clients: Clients
  keyring: Keyring
}): Promise<LostKeys[]> {
  const clients = await listClients(deps.clients)
  const examined = clients.map(async ({ id: clientId, name, keys }) => {
    const signing = keysToSignWith(keys)
    const opened = await Promise.allSettled(
      signing.map(({ privateKey, alg }) => deps.keyring.unlock(privateKey, alg)),
    )
    const lost = signing.filter((_, index) => opened[index]?.status === 'rejected')
    return { clientId, name, kids: lost.map(({ kid }) => kid) }
  })
  return (await Promise.all(examined)).filter(({ kids }) => kids.length > 0)
}

// Older keys are only needed for their public half.
function keysToSignWith(keys: SigningKey[]): SigningKey[] {
  const current = currentKey(keys)
  return keys.filter(({ signsFrom }) => current === undefined || signsFrom >= current.signsFrom)
}
