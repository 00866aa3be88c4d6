import type { AppName } from '../apps/apps.ts'
import type { Bench, Row } from '../harness/bench.ts'
import { number } from '../harness/format.ts'
import { inTurn } from '../harness/http-text.ts'
import { shareOut } from '../harness/load.ts'
import { barsOf, pairTable } from '../harness/pair-table.ts'
import { type Pair, runPairs } from '../harness/pairs.ts'
import { askMe, type RunningApp, signIn, withApps } from '../harness/start-app.ts'

const OPEN: readonly AppName[] = ['bare Express route', 'raw node:http']
const APPS: readonly AppName[] = [
  'latchkey',
  'stock, node-redis',
  'stock, ioredis',
  'better-auth',
  'better-auth, cookie cache',
  'fastify + @fastify/session',
  'iron-session',
  ...OPEN,
]

const MOST_SESSIONS = 10_000
const SETTINGS = [
  { sessions: 100, connections: 50 },
  { sessions: MOST_SESSIONS, connections: 50 },
  { sessions: 100, connections: 1 },
]

type Entry = RunningApp & { requests: string[] }

export const guard: Row = {
  title: 'Guarded route',
  about: '`GET /me` behind a guard, with sessions that the server has seen before.',
  run: (bench) =>
    withApps(APPS, bench, async (apps) => {
      const entries = await signInEverywhere(apps, bench)
      const measured: { title: string; pairs: Pair[] }[] = []
      for (const setting of SETTINGS)
        // oxlint-disable-next-line no-await-in-loop
        measured.push(await measureSetting(entries, setting, bench))
      return {
        tables: measured.map(({ title, pairs }) => pairTable(title, pairs)),
        bars: barsOf(measured[0]?.pairs ?? []),
      }
    }),
}

async function signInEverywhere(apps: RunningApp[], bench: Bench): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const app of apps) {
    bench.progress(`signing in: ${app.name}`)
    // oxlint-disable-next-line no-await-in-loop
    const cookies = OPEN.includes(app.name) ? [''] : await signIn(app.server, MOST_SESSIONS)
    entries.push({ ...app, requests: askMe(cookies) })
  }
  return entries
}

async function measureSetting(
  entries: Entry[],
  { sessions, connections }: (typeof SETTINGS)[number],
  bench: Bench,
) {
  const title = `${number(sessions)} sessions, connections: ${connections}`
  bench.progress(title)
  const [ours, ...peers] = entries.map(({ name, server, requests }) => ({
    name,
    server,
    scripts: () => shareOut(requests.slice(0, sessions), connections).map(inTurn),
  }))
  if (!ours) throw new Error('no app to measure')
  return { title, pairs: await runPairs({ ...bench, ours, peers }) }
}
