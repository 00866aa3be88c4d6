import { createServer, type RequestListener, type Server } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { authKit, type AuthKitOptions } from 'auth-kit'
import { openRedis, type RedisClient } from 'auth-kit/session'
import express from 'express'
import { type OwnInstance, startOwnRedis } from '../../../../../tools/services/own-instances.ts'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { readConfig } from '../../config/config.ts'
import { checkSignUp } from '../doctor/check-sign-up.ts'
import { commandLine } from '../../../testing/cli.fixture.ts'

const secret = 'the secret that both servers sign with'
const place = { keyPrefix: '', config: { mongoUrl: testMongoUrl(), mailSecrets: ['a secret'] } }
const cli = commandLine({})
const servers: Server[] = []

let ownRedis: OwnInstance
let redis: RedisClient
let auth: Awaited<ReturnType<typeof startTestApp>>
let authUrl: string
beforeAll(async () => {
  ownRedis = await startOwnRedis()
  redis = openRedis(ownRedis.url, () => undefined)
  auth = await startTestApp({ SESSION_SECRETS: secret }, { redisUrl: ownRedis.url, beside: place })
  authUrl = await listen(auth.app)
})
afterAll(async () => {
  for (const server of servers) server.close()
  await auth.users.db.dropDatabase()
  await auth.close()
  redis.disconnect()
  await ownRedis.stop()
})

async function listen(app: RequestListener): Promise<string> {
  const server = createServer(app)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

type Product = Partial<AuthKitOptions> & { trustProxy?: number; clockMs?: number; told?: object }

/** A product team's app with the same settings, except for those given. */
function startProduct({ trustProxy, clockMs = 0, told, ...given }: Product = {}): Promise<string> {
  const app = express()
  const kit = authKit({ redis, secrets: [secret], publicUrl: 'http://127.0.0.1', ...given })
  app.get('/doctor', (req, res, next) => {
    const nonce = String(new URL(req.url, 'http://app').searchParams.get('nonce'))
    const answer = kit.describe(nonce).then((description) => {
      const now = description.now + clockMs
      res.json({ ...description, now, trustProxy: trustProxy ?? false, ...told })
    })
    answer.catch(next)
  })
  return listen(app)
}

async function examine(...names: string[]) {
  const { code, stdout } = await cli.run(['doctor', ...names, '--json'])
  const {
    ok,
    findings,
  }: { ok: boolean; findings: { kind: string; what: string; advice: string }[] } =
    JSON.parse(stdout)
  const named = (wanted: string) =>
    findings.filter(({ kind }) => kind === wanted).map(({ what }) => what)
  const kinds = { differences: named('difference'), warnings: named('warning') }
  return { code, ok, ...kinds, failures: named('failure'), findings }
}

describe('doctor', () => {
  it('finds nothing if two servers agree', async () => {
    const { code, ok, findings } = await examine(authUrl, await startProduct())
    expect({ code, ok, findings }).toEqual({ code: 0, ok: true, findings: [] })
  })

  const differences: [string, Product][] = [
    ['session secret', { secrets: ['another secret'] }],
    ['cookie name', { publicUrl: 'https://127.0.0.1' }],
    ['cookie domain', { cookieDomain: 'shop.example' }],
    ['host', { publicUrl: 'http://shop.example' }],
    ['prefix', { prefix: 'other:' }],
    ['session limits', { idleDays: 3 }],
    ['trust proxy', { trustProxy: 1 }],
    ['clock', { clockMs: 2_500 }],
    ['clock', { clockMs: -2_500 }],
  ]
  it.each(differences)('names a difference and what to do: %s', async (what, given) => {
    const product = await startProduct(given)
    const { code, ok, differences, findings } = await examine(authUrl, product)
    expect([code, ok]).toEqual([1, false])
    expect(differences).toContain(what)
    expect(findings[0]?.advice).toBeTruthy()
  })

  it('names another database of the same Redis', async () => {
    const elsewhere = openRedis(`${ownRedis.url}/5`, () => undefined)
    const product = await startProduct({ redis: elsewhere })
    expect((await examine(authUrl, product)).differences).toEqual(['Redis'])
    const { stdout } = await cli.run(['doctor', authUrl, product])
    expect(stdout).toContain(`${product} database 5 of the same Redis.`)
    elsewhere.disconnect()
  })

  it('names another Redis, in one line', async () => {
    const other = await startOwnRedis()
    const elsewhere = openRedis(other.url, () => undefined)
    const product = await startProduct({ redis: elsewhere })
    const { findings } = await examine(authUrl, product)
    expect(findings).toMatchObject([
      { kind: 'difference', detail: `${authUrl} and ${product} use different Redis servers.` },
    ])
    elsewhere.disconnect()
    await other.stop()
  })

  it('accepts a rotation under way but reports one that is half done', async () => {
    const rotated = await startProduct({ secrets: ['the next one', secret] })
    expect((await examine(authUrl, rotated)).differences).toEqual(['session secret'])
    const waiting = await startProduct({ secrets: [secret, 'the next one'] })
    expect((await examine(authUrl, waiting)).differences).toEqual([])
  })

  it('only warns of a Redis that forgets or evicts', async () => {
    await redis.config('SET', 'appendfsync', 'everysec')
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const { code, warnings } = await examine(authUrl, await startProduct())
    expect([code, new Set(warnings)]).toEqual([0, new Set(['Redis'])])
    const { stdout } = await cli.run(['doctor', authUrl, authUrl])
    expect(stdout).toMatch(/appendfsync everysec[^]*maxmemory-policy allkeys-lru/)
    await redis.config('SET', 'appendfsync', 'always')
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
  })

  it('fails if a server does not reach its Redis', async () => {
    const unreachable = openRedis('redis://127.0.0.1:1', () => undefined)
    const product = await startProduct({ redis: unreachable })
    const { code, ok, failures, warnings } = await examine(authUrl, product)
    expect([code, ok, failures, warnings]).toEqual([1, false, ['Redis'], []])
    const { stdout } = await cli.run(['doctor', authUrl, product])
    expect(stdout).toContain(`FAILS    Redis: ${product} does not reach its Redis.`)
    expect(stdout).not.toContain('honour')
    unreachable.disconnect()
  })

  it('says what could not be compared instead of that all is well', async () => {
    const redis = { id: null, appendOnly: null, appendFsync: null, maxmemoryPolicy: null }
    const silent = await startProduct({ told: { redis, trustProxy: undefined } })
    const { code, warnings } = await examine(authUrl, silent)
    expect([code, warnings]).toEqual([0, ['Redis', 'trust proxy']])
    const { stdout } = await cli.run(['doctor', authUrl, silent])
    expect(stdout).not.toContain('honour')
    expect(stdout).toContain('Nothing else differs. Not compared: Redis, trust proxy.')
  })

  it.each(['http://', 'https:///', 'http://a b/'])('refuses %s as an address', async (address) => {
    const { code, stderr } = await cli.run(['doctor', authUrl, address])
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not a valid address')])
  })

  it('compares with a file of settings', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doctor-'))
    const file = join(folder, 'shop.env')
    const settings = `SESSION_SECRETS=${secret}\nPUBLIC_URL=http://127.0.0.1\nTRUST_PROXY=2\n`
    await writeFile(file, `${settings}REDIS_URL=${ownRedis.url}\n`)
    expect((await examine(authUrl, file)).differences).toEqual(['trust proxy'])
    await rm(folder, { recursive: true })
  })

  it('fails and says which server did not answer', async () => {
    const deaf = await listen((_req, res) => void res.writeHead(404).end())
    const refused = await cli.run(['doctor', authUrl, deaf])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('METRICS_TOKEN')])
    expect(refused.stderr).toContain('serve auth.describe(nonce) at /doctor')
    const absent = await cli.run(['doctor', authUrl, 'http://127.0.0.1:1'])
    expect([absent.code, absent.stderr]).toEqual([1, expect.stringContaining('does not answer')])
    expect((await cli.run(['doctor', authUrl])).code).toBe(2)
  })

  it('reveals no secret', async () => {
    const { stdout, stderr } = await cli.run(['doctor', authUrl, await startProduct(), '--json'])
    expect(stdout + stderr).not.toContain(secret)
  })
})

describe('doctor for the system that npm start runs', () => {
  it('warns if the e-mails for sign-ups without an invite run out', async () => {
    const budget = { SIGN_UP_MAILS_PER_HOUR: '10', SIGN_UP: 'open' }
    const findings = (env: Record<string, string>) =>
      checkSignUp({ config: () => readConfig(env), redis: async () => redis })
    await redis.hset('sign-up-mails', { free: 4 })
    await redis.pexpire('sign-up-mails', 90_000)
    expect(await findings(budget)).toEqual([])
    await redis.hset('sign-up-mails', { free: 5, unproven: 1 })
    const [finding] = await findings(budget)
    expect(finding).toMatchObject({ kind: 'warning', what: 'sign-up' })
    expect(finding?.detail).toContain('6 of 10 e-mails')
    expect(finding?.detail).toContain('ends in 2 min')
    expect(await findings({ ...budget, SIGN_UP: 'invite' })).toEqual([])
  })
})
