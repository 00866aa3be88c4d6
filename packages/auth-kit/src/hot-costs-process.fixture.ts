import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Run as a process of its own: counts what guarded requests cost and prints it as JSON. The counters are
 * in place before the kit and its libraries are loaded, so nothing gets past them.
 *
 * Arguments: the URL of Redis, the prefix of sessions, and `cached` or `uncached`.
 */

const REQUESTS = 100
const counts = { parses: 0, hashes: 0, commands: 0 }

function count<Method extends string>(
  object: Record<Method, (...args: never[]) => unknown>,
  method: Method,
  counter: keyof typeof counts,
): void {
  const real = object[method]
  object[method] = (...args) => {
    counts[counter] += 1
    return Reflect.apply(real, object, args)
  }
}

count(JSON, 'parse', 'parses')
count(crypto, 'createHash', 'hashes')
count(crypto, 'createHmac', 'hashes')
count(crypto, 'hash', 'hashes')
syncBuiltinESMExports()

const { startTestApp, makeHot } = await import('./test-app.fixture.ts')
const { openRedis } = await import('./session.ts')

const [url = '', prefix, mode] = process.argv.slice(2)
const redis = openRedis(url, () => undefined)
count(redis, 'sendCommand', 'commands')

const app = await startTestApp({
  redis,
  prefix,
  publicUrl: 'http://localhost',
  cache: mode === 'cached',
  routes(app, auth) {
    // Express would hash the body for an ETag.
    app.get('/plain', auth.loggedIn(), (req, res) => res.end(req.user?.username))
  },
})

async function costsOf(cookie: string): Promise<typeof counts> {
  Object.assign(counts, { parses: 0, hashes: 0, commands: 0 })
  for (let request = 0; request < REQUESTS; request += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const { status, text } = await app.send('GET', '/plain', { cookie })
    if (status !== 200 || text !== 'ada') throw new Error(`answered ${status} ${text}`)
  }
  return { ...counts }
}

const cookie = await app.signIn()
if (mode === 'cached') await makeHot(app, cookie)
const [first, later] = [await costsOf(cookie), await costsOf(cookie)]
process.stdout.write(JSON.stringify({ first, later }))
await app.close()
app.auth.close()
redis.disconnect()
