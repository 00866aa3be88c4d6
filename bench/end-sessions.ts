import { Redis } from 'ioredis'
import { createSessionStore } from '../packages/auth-kit/src/session.ts'
import type { Bench } from './bench.ts'
import { USER } from './app-under-test.ts'

const SESSIONS = Number(process.env.SESSIONS ?? 200_000)
const OF_THE_USER = 5
const BATCH = 5_000

/** The cost of ending all sessions of one user: it looks at every session in Redis. */
export async function endSessions({ redisUrl, prefix, print }: Bench): Promise<void> {
  const redis = new Redis(redisUrl)
  const store = createSessionStore({ redis, prefix })
  for (let first = 0; first < SESSIONS; first += BATCH) {
    await redis.mset(Array.from({ length: BATCH }, (_, at) => entry(prefix, first + at)).flat())
  }
  const slowest = await slowestGuardDuring(store.endSessions(USER.id), () => redis.get(prefix))
  const left = await redis.exists(
    ...Array.from({ length: OF_THE_USER }, (_, at) => `${prefix}${at}`),
  )
  redis.disconnect()
  print(`Ending ${OF_THE_USER} sessions of one user among ${SESSIONS}: ${slowest.took} ms;`)
  print(`another question to Redis waited ${slowest.wait} ms at most; left: ${left}`)
}

function entry(prefix: string, at: number): [string, string] {
  const user = at < OF_THE_USER ? USER : { ...USER, id: `another-${at}` }
  return [`${prefix}${at}`, JSON.stringify({ cookie: { path: '/' }, passport: { user } })]
}

async function slowestGuardDuring(work: Promise<void>, ask: () => Promise<unknown>) {
  const start = performance.now()
  const running = new Set([work])
  const done = work.finally(() => running.delete(work))
  let wait = 0
  while (running.size > 0) {
    const asked = performance.now()
    await ask()
    wait = Math.max(wait, performance.now() - asked)
  }
  await done
  return { took: Math.round(performance.now() - start), wait: Math.round(wait) }
}
