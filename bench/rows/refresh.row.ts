import { join } from 'node:path'
import { CLIENT } from '../apps/oauth-provider.ts'
import type { ProviderName } from '../apps/providers.ts'
import type { Row } from '../harness/bench.ts'
import { httpText } from '../harness/http-text.ts'
import { askEach } from '../harness/load.ts'
import { pairTable } from '../harness/pair-table.ts'
import { type Contestant, runPairs } from '../harness/pairs.ts'
import { firstTokens, refreshing } from '../harness/refreshing.ts'
import { type AuthServer, startAuthServer } from '../harness/start-auth-server.ts'
import { type RunningServer, startServer } from '../harness/start-server.ts'

const SERVE_PROVIDER = join(import.meta.dirname, '..', 'harness', 'serve-provider.ts')
const FAMILIES = 10
const TOKEN_PATHS = { 'oidc-provider': '/token', 'better-auth': '/api/auth/oauth2/token' }

export const refresh: Row = {
  title: 'Refresh',
  about: `\`POST\` to the token endpoint with a refresh token, which rotates; ${FAMILIES} at once, each with the token it was given last. Access tokens are JWTs signed with Ed25519.`,
  async run(bench) {
    const mongo = await bench.mongo()
    const auth = await startAuthServer(bench, { users: FAMILIES })
    const names = ['oidc-provider', 'better-auth'] as const
    const providers = await Promise.all(names.map((name) => startProvider(name, mongo.url)))
    try {
      const ours = await enterLatchkey(auth)
      const peers = await Promise.all(
        providers.map(({ name, server }) => enterProvider(name, server)),
      )
      const pairs = await runPairs({ ...bench, ours, peers })
      return { tables: [pairTable(`MongoDB: ${mongo.how}`, pairs)] }
    } finally {
      await Promise.all([auth.stop(), ...providers.map(({ server }) => server.stop())])
    }
  },
}

async function startProvider(name: ProviderName, mongoUrl: string) {
  const env = { MONGO_URL: mongoUrl }
  return { name, server: await startServer({ script: SERVE_PROVIDER, args: [name], env }) }
}

async function enterLatchkey(auth: AuthServer): Promise<Contestant> {
  const tokens = await firstTokens(auth)
  const scripts = refreshing(tokens, '/oauth/token', auth.client)
  return { name: 'latchkey', server: auth, scripts }
}

async function enterProvider(name: ProviderName, server: RunningServer): Promise<Contestant> {
  const requests = Array.from({ length: FAMILIES }, () =>
    httpText({ method: 'POST', path: '/grant' }),
  )
  const tokens = (await askEach(server.port, requests)).map(({ body }) => body)
  return { name, server, scripts: refreshing(tokens, TOKEN_PATHS[name], CLIENT) }
}
