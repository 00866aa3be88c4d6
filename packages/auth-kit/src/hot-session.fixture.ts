import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import { Redis } from 'ioredis'
import { type OwnInstance, startOwnInstance } from '../../../tools/services/own-instances.ts'
import { redisService } from '../../../tools/services/redis.service.ts'
import { startTcpProxy, type TcpProxy } from '../../../tools/testing/tcp-proxy.ts'
import { openRedis } from './session.ts'
import { ADA, pause, startTestApp, type TestAppOptions } from './test-app.fixture.ts'

export type App = Awaited<ReturnType<typeof startTestApp>>

/** For tests of the session cache: two servers on their own Redis. */

export let redisServer: OwnInstance
/** An operator's connection. */
export let operator: Redis
/** The proxy between `here` and Redis. */
export let proxy: TcpProxy
/** The client of `here`, through the proxy. */
export let redis: ReturnType<typeof openRedis>
/** The client of `elsewhere`, without the proxy. */
export let direct: Redis
export let here: App
/** Another server, without a session cache. */
export let elsewhere: App

beforeAll(async () => {
  redisServer = await startOwnInstance(withDebugCommands, {})
  operator = new Redis(redisServer.url).on('error', () => undefined)
})
afterAll(async () => {
  operator.disconnect()
  await redisServer.stop()
})
beforeEach(async () => {
  proxy = await startTcpProxy(redisServer)
  redis = openRedis(proxy.url, () => undefined)
  direct = new Redis(redisServer.url).on('error', () => undefined)
  here = await startTestApp({ redis, publicUrl: 'http://localhost', routes: addSpoilingRoute })
  elsewhere = await startTestApp({ redis: direct, publicUrl: 'http://localhost', cache: false })
})
afterEach(async () => {
  await Promise.all([here.close(), elsewhere.close()])
  redis.disconnect()
  direct.disconnect()
  await proxy.stop()
})

/** Redis with DEBUG, so that a test can delay the reports of expired keys. */
const withDebugCommands: typeof redisService = {
  ...redisService,
  async prepareLocalServer(options) {
    const server = await redisService.prepareLocalServer(options)
    const command: typeof server.command = (place) => [
      ...server.command(place),
      '--enable-debug-command',
      'yes',
    ]
    return { ...server, command }
  },
}

/** Changes the user and the session of its request without saving them. */
const addSpoilingRoute: NonNullable<TestAppOptions['routes']> = (app) => {
  app.post('/spoil', (req, res) => {
    Object.assign(req.user ?? {}, { id: 'eve-1', username: 'eve' })
    req.user?.roles.push('admin')
    Object.assign(req.session, { passport: { user: { ...ADA, id: 'eve-1' } } })
    Reflect.set(req, 'session', null)
    res.json({ spoiled: req.user?.username })
  })
}

export const ask = (app: App, cookie: string) => app.send('GET', '/me', { cookie })
export const signOut = (app: App, cookie: string) => app.send('POST', '/logout', { cookie })
export const isOn = (app: App) => app.store.cacheStats()?.state === 'on'

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const start = performance.now()
  while (!(await condition())) {
    if (performance.now() - start > 5000) throw new Error('not in 5 s')
    await pause(2)
  }
}

/** Signs in elsewhere and makes `here` cache the session. */
export async function hotSession(): Promise<string> {
  const cookie = await elsewhere.signIn()
  await ask(here, cookie)
  await until(() => isOn(here))
  expect((await ask(here, cookie)).status).toBe(200)
  return cookie
}

/** The number of commands Redis has run, without heartbeats. */
export async function commands(): Promise<number> {
  const stats = await operator.info('commandstats')
  const counts = [...stats.matchAll(/^cmdstat_(?<name>[^:]+):calls=(?<calls>\d+)/gm)]
  return counts
    .filter(({ groups }) => !/^(ping|info|client|config)/.test(groups?.name ?? ''))
    .reduce((sum, { groups }) => sum + Number(groups?.calls), 0)
}

/** Ends the connection on which Redis reports changes. */
export async function killTracking(): Promise<void> {
  const list = String(await operator.client('LIST'))
  const ids = [...list.matchAll(/^id=(?<id>\d+).* name=session-cache/gm)]
  expect(ids.length).toBeGreaterThan(0)
  for (const { groups } of ids) await operator.client('KILL', 'ID', Number(groups?.id))
}
