import { createSessionStore, openRedis } from 'auth-kit/session'
import { USER } from '../apps/app-under-test.ts'
import type { Bench, Row, Table } from '../harness/bench.ts'
import { ms, number } from '../harness/format.ts'
import { httpText, inTurn, onceEach } from '../harness/http-text.ts'
import { load, shareOut } from '../harness/load.ts'
import { measure } from '../harness/pairs.ts'
import { askMe, signIn, withApps } from '../harness/start-app.ts'
import { PASSWORD, startAuthServer } from '../harness/start-auth-server.ts'

const OTHERS = [1000, 10_000, 100_000, 1_000_000]
const OWN = [1, 10, 100, 1000]
const PROCESSES = [1, 2, 4]
const USERS = { embedded: [100, 1000, 10_000], mongod: [100, 10_000, 1_000_000] }
const SIGN_INS = 10
const BATCH = 5000
const PREFIX = 'sess:'

export const growth: Row = {
  title: 'Growth',
  about:
    'The cost of more servers, more sessions of others, more sessions of one user and more users.',
  async run(bench) {
    const servers = await byServers(bench)
    const own = await byOwnSessions(bench)
    const others = await byOtherSessions(bench)
    return { tables: [servers, own, others, await byUsers(bench)] }
  },
}

/** Every server has the same load at the same time, and all share one Redis. */
async function byServers(bench: Bench): Promise<Table> {
  const lines: string[][] = []
  for (const processes of PROCESSES) {
    bench.progress(`servers: ${processes}`)
    const names = Array.from({ length: processes }, () => 'latchkey' as const)
    // oxlint-disable-next-line no-await-in-loop
    const slices = await withApps(names, bench, async (apps) => {
      const [first] = apps
      const requests = askMe(first ? await signIn(first.server, 100) : [])
      const scripts = () => shareOut(requests, 20).map(inTurn)
      const contestants = apps.map((app) => ({ ...app, scripts }))
      const measureAll = () =>
        Promise.all(contestants.map((one) => measure(one, bench.redis, bench.seconds)))
      await measureAll()
      return await measureAll()
    })
    const rate = slices.reduce((sum, slice) => sum + slice.rate, 0)
    const cpu = slices.reduce((sum, slice) => sum + slice.cpuMicros, 0) / processes
    lines.push([String(processes), number(rate), number(cpu)])
  }
  return {
    title: 'Servers on one Redis, all on one core',
    head: ['servers', 'requests/s of all', 'CPU of a request, µs'],
    lines,
  }
}

/** How long "sign out everywhere" takes, by the number of sessions that it ends. */
async function byOwnSessions(bench: Bench): Promise<Table> {
  const lines: string[][] = []
  for (const own of OWN) {
    bench.progress(`sessions of one user: ${own}`)
    const userId = `owner-of-${own}`
    // oxlint-disable-next-line no-await-in-loop
    const { answered } = await endSessions({ userId, own }, bench)
    lines.push([number(own), ms(answered)])
  }
  return {
    title: 'End all sessions of a user',
    head: ['sessions of the user', 'ms'],
    lines,
  }
}

/** The same with five sessions of the user's own, beside those of others. */
async function byOtherSessions(bench: Bench): Promise<Table> {
  const lines: string[][] = []
  let written = 0
  for (const others of OTHERS) {
    bench.progress(`sessions of others: ${others}`)
    const userId = `beside-${others}`
    const more = { prefix: `others-${others}`, userOf: (at: number) => `another-${at}` }
    // oxlint-disable-next-line no-await-in-loop
    await writeSessions(bench, { count: others - written, ...more })
    written = others
    // oxlint-disable-next-line no-await-in-loop
    const { answered, searched } = await endSessions({ userId, own: 5 }, bench)
    lines.push([number(others), ms(answered), ms(searched)])
  }
  await bench.redis.flushdb()
  return {
    title: 'End five sessions of a user, beside those of others',
    head: ['sessions of others', 'ms', 'search for those of stock apps, ms'],
    lines,
  }
}

type Sessions = { count: number; prefix: string; userOf: (at: number) => string }

/** Writes sessions as a stock app does. */
async function writeSessions({ redis }: Bench, { count, prefix, userOf }: Sessions): Promise<void> {
  for (let first = 0; first < count; first += BATCH) {
    const pipeline = redis.pipeline()
    for (let at = first; at < Math.min(first + BATCH, count); at += 1) {
      const passport = { user: { ...USER, id: userOf(at) } }
      const content = JSON.stringify({ cookie: { path: '/' }, passport })
      pipeline.set(`${PREFIX}${prefix}-${at}`, content, 'EX', 86_400)
    }
    // oxlint-disable-next-line no-await-in-loop
    await pipeline.exec()
  }
}

/** Milliseconds until the answer, and until the background search is complete. */
async function endSessions(
  { userId, own }: { userId: string; own: number },
  { redisUrl, progress }: Bench,
) {
  const redis = openRedis(redisUrl, (error) => progress(error.message))
  const store = createSessionStore({ redis, prefix: PREFIX })
  await store.endSessions('nobody')
  await store.completeEnds()
  for (let at = 0; at < own; at += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await store.addSession(`${userId}-${at}`, { passport: { user: { ...USER, id: userId } } })
  }
  const start = performance.now()
  await store.endSessions(userId)
  const answered = performance.now() - start
  await store.completeEnds()
  const searched = performance.now() - start
  redis.disconnect()
  return { answered, searched }
}

/** The time of a sign-in, by the number of users. */
async function byUsers(bench: Bench): Promise<Table> {
  const mongo = await bench.mongo()
  const isEmbedded = mongo.how.includes('embedded')
  const lines: string[][] = []
  for (const users of isEmbedded ? USERS.embedded : USERS.mongod) {
    bench.progress(`users: ${users}`)
    // oxlint-disable-next-line no-await-in-loop
    const auth = await startAuthServer(bench, { users, cores: 'all' })
    const [username] = auth.usernames.slice(-1)
    const request = httpText({ path: '/login', json: { username, password: PASSWORD } })
    const signIns = Array.from({ length: SIGN_INS }, () => request)
    // oxlint-disable-next-line no-await-in-loop
    const { p50 } = await load({ port: auth.port, seconds: 60, scripts: [onceEach(signIns)] })
    // oxlint-disable-next-line no-await-in-loop
    await auth.stop()
    lines.push([number(users), ms(p50)])
  }
  return {
    title: `A sign-in, one at a time; MongoDB: ${mongo.how}`,
    head: ['users', 'p50, ms'],
    lines,
  }
}
