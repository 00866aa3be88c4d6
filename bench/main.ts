import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { startServices } from '../tools/services/services.ts'
import type { Bench } from './bench.ts'
import { endSessions } from './end-sessions.ts'
import { guardedRoute } from './guarded-route.ts'
import { signOutRace } from './sign-out-race.ts'
import { tokenCheck } from './token-check.ts'

const BENCHES: Record<string, (bench: Bench) => Promise<void>> = {
  'sign-out-race': signOutRace,
  'guarded-route': guardedRoute,
  'end-sessions': endSessions,
  'token-check': tokenCheck,
}
/** Without a name: those that take no more than a minute and fill nobody's Redis. */
const USUAL = ['sign-out-race', 'guarded-route', 'token-check']

const prefix = `bench-${randomBytes(6).toString('hex')}:`
const names = process.argv.length > 2 ? process.argv.slice(2) : USUAL

const services = await startServices({
  names: ['redis'],
  namespace: 'bench',
  env: process.env,
  log: print,
})
const redisUrl = services.redis.url
try {
  print(`Redis: ${services.redis.how}\n`)
  for (const name of names) {
    const bench = BENCHES[name]
    if (!bench)
      throw new TypeError(`no such bench: ${name}; there are ${Object.keys(BENCHES).join(', ')}`)
    await bench({ redisUrl, prefix, print })
    print('')
  }
} finally {
  await removeKeys()
  await services.stop()
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function removeKeys(): Promise<void> {
  const redis = new Redis(redisUrl)
  for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 10_000 })) {
    if (keys.length > 0) await redis.unlink(...keys)
  }
  redis.disconnect()
}
