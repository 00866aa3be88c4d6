import { randomBytes } from 'node:crypto'
import { silentAudit } from '../apps/auth-server/testing/silent-audit.fixture.ts'
import { addClient } from '../apps/auth-server/src/oauth/clients/add-client.ts'
import { newClientInput } from '../apps/auth-server/src/oauth/clients/client-input.ts'
import { clientModel } from '../apps/auth-server/src/oauth/clients/client.model.ts'
import { createKeyring } from '../apps/auth-server/src/oauth/clients/keyring.ts'
import { createUser } from '../apps/auth-server/src/users/create-user.ts'
import { ask, type Status } from './ask.ts'
import type { System } from './start-system.ts'

/** A client and a user whose refresh tokens are on trial. */
export type TokenHolders = Awaited<ReturnType<typeof openTokenHolders>>

type Shown = { status: Status; token: string; accessToken: string }

/** Creates a first-party client, its resource server, and a user to sign in. */
export async function openTokenHolders({ users, config, secrets, auth }: System) {
  const name = `holder${randomBytes(4).toString('hex')}`
  const audience = `https://${name}.example`
  const keyring = createKeyring(secrets)
  const deps = { clients: clientModel(users.db), keyring, audit: silentAudit(), config }
  const add = (input: object) => addClient(deps, newClientInput.parse({ name, ...input }), null)
  const api = await add({ kind: 'resource_server', audience, scopes: ['orders:read'] })
  const asks = { audiences: [audience], scopes: ['orders:read'] }
  const app = await add({ kind: 'first_party', ...asks })
  const password = 'four words made for nobody'
  const account = { username: name, email: `${name}@mail.test`, password, roles: [] }
  await createUser({ users, config }, { ...account, verifiedAt: new Date() })
  const asApp = { client_id: app.client.id, client_secret: app.secret }
  const asApi = { client_id: api.client.id, client_secret: api.secret }

  return {
    /** Starts a family and returns its first refresh token. */
    async begin(): Promise<string> {
      const body = { ...asApp, username: name, password }
      return read(await ask(`${auth.origin}/login`, { body }), '').token
    },

    /** Sends a refresh token. Returns the answer, and the next token if there is one. */
    async refresh(token: string, origin = auth.origin): Promise<Shown> {
      const body = { ...asApp, refresh_token: token }
      return read(await ask(`${origin}/refresh`, { body }), token)
    },

    async revoke(token: string): Promise<Status> {
      return (await ask(`${auth.origin}/oauth/revoke`, { body: { ...asApp, token } })).status
    },

    /** Whether the resource server learns that an access token is active. */
    async isActive(token: string): Promise<boolean> {
      const { body } = await ask(`${auth.origin}/verify`, { body: { ...asApi, token } })
      return body.active === true
    },
  }
}

function read({ status, body }: Awaited<ReturnType<typeof ask>>, before: string): Shown {
  const { refresh_token: token, access_token: accessToken } = body
  return {
    status,
    token: typeof token === 'string' ? token : before,
    accessToken: typeof accessToken === 'string' ? accessToken : '',
  }
}
