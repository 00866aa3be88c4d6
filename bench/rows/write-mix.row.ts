import type { Row } from '../harness/bench.ts'
import { httpText, inTurn } from '../harness/http-text.ts'
import { pairTable } from '../harness/pair-table.ts'
import { type Contestant, runPairs } from '../harness/pairs.ts'
import { askMe, type RunningApp, signIn, withApps } from '../harness/start-app.ts'

const APPS = [
  'latchkey',
  'stock, node-redis',
  'stock, ioredis',
  'fastify + @fastify/session',
] as const
const CONNECTIONS = 50
const READS_FOR_A_WRITE = 9

export const writeMix: Row = {
  title: 'One write in ten requests',
  about: 'Nine `GET /me`, then one request that changes the session.',
  run: (bench) =>
    withApps(APPS, bench, async (apps) => {
      const [ours, ...peers] = await Promise.all(apps.map(enter))
      if (!ours) throw new Error('no app to measure')
      const pairs = await runPairs({ ...bench, ours, peers })
      return { tables: [pairTable(`${CONNECTIONS} connections, each with its session`, pairs)] }
    }),
}

async function enter({ name, server }: RunningApp): Promise<Contestant> {
  const cookies = await signIn(server, CONNECTIONS)
  return { name, server, scripts: () => cookies.map((cookie) => inTurn(mixOf(cookie))) }
}

function mixOf(cookie: string): string[] {
  const read = askMe([cookie])
  const write = httpText({ method: 'POST', path: '/visit', headers: { Cookie: cookie } })
  return [...Array.from({ length: READS_FOR_A_WRITE }, () => read).flat(), write]
}
