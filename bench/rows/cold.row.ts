import type { AppName } from '../apps/apps.ts'
import type { Bench, Row } from '../harness/bench.ts'
import { onceEach } from '../harness/http-text.ts'
import { shareOut } from '../harness/load.ts'
import { pairTable } from '../harness/pair-table.ts'
import { measure, type Pair, type Slice } from '../harness/pairs.ts'
import { askMe, signIn, withApps } from '../harness/start-app.ts'

const PEERS = ['stock, node-redis', 'stock, ioredis', 'fastify + @fastify/session'] as const
const CONNECTIONS = 50
const SESSIONS = 4000
/** Signs in one extra session, so that the code is compiled before the others are read. */
const WARM_UP = 10_000

export const cold: Row = {
  title: 'Cold sessions',
  about: `\`GET /me\` once with each of ${SESSIONS} sessions, on a server that has seen none of them.`,
  async run(bench) {
    const requests = new Map<AppName, string[]>()
    for (const name of ['latchkey', ...PEERS] as const)
      // oxlint-disable-next-line no-await-in-loop
      requests.set(name, await makeSessions(name, bench))
    const slice = (name: AppName) => measureCold(name, requests.get(name) ?? [], bench)
    const pairs: Pair[] = []
    for (const peer of PEERS)
      // oxlint-disable-next-line no-await-in-loop
      pairs.push(await measurePair(peer, slice, bench))
    return { tables: [pairTable(`${CONNECTIONS} connections`, pairs)] }
  },
}

/** Another process creates the sessions than the one that is measured. */
function makeSessions(name: AppName, bench: Bench): Promise<string[]> {
  bench.progress(`signing in: ${name}`)
  return withApps([name], bench, async ([app]) =>
    app ? askMe(await signIn(app.server, SESSIONS + 1)) : [],
  )
}

async function measurePair(
  peer: AppName,
  measureNew: (name: AppName) => Promise<Slice>,
  { rounds, progress }: Bench,
): Promise<Pair> {
  const pair: Pair = { peer, ours: [], theirs: [] }
  for (let round = 0; round < rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    pair.ours.push(await measureNew('latchkey'))
    // oxlint-disable-next-line no-await-in-loop
    pair.theirs.push(await measureNew(peer))
    progress(`${peer}: round ${round + 1} of ${rounds}`)
  }
  return pair
}

function measureCold(name: AppName, [warm = '', ...coldOnes]: string[], bench: Bench) {
  return withApps([name], bench, async ([app]) => {
    if (!app) throw new Error('no app to measure')
    const asking = (requests: string[]) => () => shareOut(requests, CONNECTIONS).map(onceEach)
    const warmUp = Array.from({ length: WARM_UP }, () => warm)
    await measure({ ...app, scripts: asking(warmUp) }, bench.redis, 60)
    return await measure({ ...app, scripts: asking(coldOnes) }, bench.redis, 60)
  })
}
