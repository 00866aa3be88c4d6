import { randomBytes } from 'node:crypto'
import { findFreePort } from '../tools/services/free-port.ts'
import type { startConstellation } from './constellation.fixture.ts'
import { endServer, run, untilItAnswers } from './server-process.fixture.ts'

type Constellation = Awaited<ReturnType<typeof startConstellation>>

/**
 * Runs the example client site as a process, registered like any other. At `localhost` it is the same site
 * as the auth server, at `127.0.0.1` a different one.
 */
export async function startClientSite(
  auth: Constellation,
  { name, host }: { name: string; host: 'localhost' | '127.0.0.1' },
) {
  const url = `http://${host}:${await findFreePort()}/`
  const audience = `https://api-${randomBytes(4).toString('hex')}.example`
  const scopes = ['orders:read']
  await auth.addClient({ name: 'Orders', kind: 'resource_server', audience, scopes })
  const { client, secret } = await auth.addClient({
    name,
    kind: 'site',
    redirectUris: [`${url}cb`],
    backchannelLogoutUri: `${url}backchannel-logout`,
    audiences: [audience],
    scopes,
  })
  const server = run('examples/client-site/client-site.ts', {
    ISSUER: auth.authUrl.replace(/\/$/, ''),
    CLIENT_ID: client.id,
    CLIENT_SECRET: secret,
    AUDIENCE: audience,
    SITE_URL: url,
    SITE_NAME: name,
  })
  await untilItAnswers(url, server)
  return { url, stop: () => endServer(server) }
}
