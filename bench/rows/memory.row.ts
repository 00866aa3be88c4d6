import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SECRET } from '../apps/app-under-test.ts'
import type { Bench, Row, Table } from '../harness/bench.ts'
import { megabytes, number } from '../harness/format.ts'
import { httpText, inTurn, onceEach, type Script } from '../harness/http-text.ts'
import { load, shareOut } from '../harness/load.ts'
import { firstTokens, refreshing } from '../harness/refreshing.ts'
import { askMe, signIn, withApps } from '../harness/start-app.ts'
import { startAuthServer } from '../harness/start-auth-server.ts'
import { type RunningServer, startServer } from '../harness/start-server.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const SESSIONS = 10_000
const CONNECTIONS = 10

export const memory: Row = {
  title: 'Memory',
  about: `What one of ${number(SESSIONS)} sessions takes once it was seen, and what the built servers hold under load with that many: product-server on \`GET /me\`, auth-server on \`GET /session\` and refreshes.`,
  run: (bench) =>
    withApps(['latchkey', 'latchkey'], bench, async ([signer, reader]) => {
      if (!signer || !reader) throw new Error('two servers are needed')
      const cookies = await signIn(signer.server, SESSIONS + 1)
      const heap = await measureSessions(reader.server, askMe(cookies))
      return { tables: [heap, await measureServers(cookies, bench)] }
    }),
}

/** The first session warms up. The heap is measured before and after the others are read. */
async function measureSessions(
  server: RunningServer,
  [first = '', ...others]: string[],
): Promise<Table> {
  const askOnce = (requests: string[]) =>
    load({
      port: server.port,
      seconds: 120,
      scripts: shareOut(requests, CONNECTIONS).map(onceEach),
    })
  await askOnce(Array.from({ length: SESSIONS }, () => first))
  const before = await server.usage('gc')
  await askOnce(others)
  const after = await server.usage('gc')
  return {
    title: 'Heap',
    head: ['', 'bytes'],
    lines: [['a session that was seen', number((after.heap - before.heap) / others.length)]],
  }
}

async function measureServers(cookies: string[], bench: Bench): Promise<Table> {
  bench.progress('building the servers')
  await promisify(execFile)('npx', ['pnpm', '-r', 'run', 'build'], { cwd: ROOT })
  const auth = await startAuthServer(bench, { users: CONNECTIONS, built: true })
  const product = await startProductServer(bench)
  const refreshes = refreshing(await firstTokens(auth), '/oauth/token', auth.client)
  const asking = (path: string): Script[] =>
    shareOut(cookies, CONNECTIONS).map((own) =>
      inTurn(own.map((cookie) => httpText({ path, headers: { Cookie: cookie } }))),
    )
  const lines: string[][] = []
  try {
    for (let minute = 0; minute <= bench.minutes; minute += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const [ofProduct, ofAuth] = await Promise.all([product.usage(), auth.usage()])
      lines.push([String(minute), megabytes(ofProduct.rss), megabytes(ofAuth.rss)])
      bench.progress(`minute ${lines.at(-1)?.join(', ')} MB`)
      if (minute === bench.minutes) break
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([
        load({ port: product.port, seconds: 60, scripts: asking('/me') }),
        load({ port: auth.port, seconds: 60, scripts: [...asking('/session'), ...refreshes()] }),
      ])
    }
  } finally {
    await Promise.all([auth.stop(), product.stop()])
  }
  return { title: 'Resident memory, MB', head: ['minute', 'product-server', 'auth-server'], lines }
}

function startProductServer({ redisUrl }: Bench): Promise<RunningServer> {
  const env = {
    PUBLIC_URL: 'http://localhost',
    AUTH_URL: 'http://localhost/auth/',
    REDIS_URL: redisUrl,
    SESSION_SECRETS: SECRET,
  }
  const script = join(ROOT, 'apps/product-server/dist/main.js')
  return startServer({ script, env, built: true })
}
