import type { Audit } from '../audit/create-audit.ts'
import { addClient } from '../oauth/clients/add-client.ts'
import { newClientInput } from '../oauth/clients/client-input.ts'
import { findSecret } from '../oauth/clients/client-secret.ts'
import type { Clients } from '../oauth/clients/client.model.ts'
import { findResourceServer } from '../oauth/clients/find-client.ts'
import type { Keyring } from '../oauth/clients/keyring.ts'
import { rotateClientSecret } from '../oauth/clients/rotate-client-secret.ts'

export type DemoClient = { client_id: string; client_secret: string; audience: string }

/** Makes sure that a resource server with that audience exists, with the secret that is known. */
export async function ensureDemoClient(
  deps: { clients: Clients; keyring: Keyring; audit: Audit },
  {
    name,
    audience,
    scopes,
    known,
  }: {
    name: string
    audience: string
    scopes: string[]
    known: DemoClient | undefined
  },
): Promise<DemoClient> {
  const existing = await findResourceServer(deps.clients, audience)
  if (!existing) {
    const input = newClientInput.parse({ name, kind: 'resource_server', audience, scopes })
    const { client, secret } = await addClient(deps, input, null)
    return { client_id: client.id, client_secret: secret, audience }
  }
  const isKnown =
    known?.client_id === existing.id && findSecret(existing.secrets, known.client_secret)
  if (known && isKnown) return known
  const { secret } = await rotateClientSecret(deps, existing, { overlapHours: 0, from: null })
  return { client_id: existing.id, client_secret: secret, audience }
}
