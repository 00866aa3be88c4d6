import { randomBytes } from 'node:crypto'
import type { Audit } from '../audit/create-audit.ts'
import { addClient } from '../oauth/clients/add-client.ts'
import { newClientInput } from '../oauth/clients/client-input.ts'
import { findSecret } from '../oauth/clients/client-secret.ts'
import type { Clients } from '../oauth/clients/client.model.ts'
import { findClient, findResourceServer } from '../oauth/clients/find-client.ts'
import type { Keyring } from '../oauth/clients/keyring.ts'
import { rotateClientSecret } from '../oauth/clients/rotate-client-secret.ts'

export type DemoClient = { client_id: string; client_secret: string; audience: string }

/**
 * Ensures that a resource server with this audience and the known secret exists. One that somebody else
 * registered stays as it is: this one gets an audience below it.
 */
export async function ensureDemoClient(
  deps: { clients: Clients; keyring: Keyring; audit: Audit; config: { issuer: string } },
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
  const own = known && (await findClient(deps.clients, known.client_id))
  if (known && own?.audience && isBelow(own.audience, audience)) {
    const isGood = findSecret(own.secrets, known.client_secret)
    if (isGood) return { ...known, audience: own.audience }
    const { secret } = await rotateClientSecret(deps, own, { overlapHours: 0, from: null })
    return { client_id: own.id, client_secret: secret, audience: own.audience }
  }
  const isTaken = (await findResourceServer(deps.clients, audience)) !== null
  const free = isTaken ? `${audience}/${randomBytes(3).toString('hex')}` : audience
  const input = newClientInput.parse({ name, kind: 'resource_server', audience: free, scopes })
  const { client, secret } = await addClient(deps, input, null)
  return { client_id: client.id, client_secret: secret, audience: free }
}

function isBelow(audience: string, root: string): boolean {
  return audience === root || audience.startsWith(`${root}/`)
}
