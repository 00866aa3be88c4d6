import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { type OwnInstance, startOwnInstance } from '../../../tools/services/own-instances.ts'
import { redisService } from '../../../tools/services/redis.service.ts'
import { endCounts, openRedis } from './session.ts'
import { pause, sessionIdOf, startTestApp } from './test-app.fixture.ts'

type App = Awaited<ReturnType<typeof startTestApp>>

const SLOTS = 16_384

let servers: OwnInstance[]
/** A direct connection to each server. */
let nodes: [Redis, Redis]
let clients: ReturnType<typeof openRedis>[]
let here: App
let elsewhere: App

const clusterService: typeof redisService = {
  ...redisService,
  async prepareLocalServer(options) {
    const server = await redisService.prepareLocalServer(options)
    const command: typeof server.command = (place) => [
      ...server.command(place),
      '--cluster-enabled',
      'yes',
    ]
    return { ...server, command }
  },
}

beforeAll(async () => {
  servers = await Promise.all([0, 1].map(() => startOwnInstance(clusterService, {})))
  const [one = '', other = ''] = servers.map(({ url }) => url)
  nodes = [new Redis(one), new Redis(other)]
  await nodes[0].cluster('ADDSLOTSRANGE', 0, SLOTS / 2 - 1)
  await nodes[1].cluster('ADDSLOTSRANGE', SLOTS / 2, SLOTS - 1)
  await nodes[0].cluster('MEET', '127.0.0.1', servers[1]?.port ?? 0)
  await until(async () => {
    const infos = await Promise.all(nodes.map((node) => node.cluster('INFO')))
    return infos.every((info) => /cluster_state:ok[^]*cluster_known_nodes:2/.test(info))
  })
  const url = `redis-cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  clients = [0, 1].map(() => openRedis(url, () => undefined))
  const [redis, other2] = clients
  if (!redis || !other2) throw new Error('no client')
  here = await startTestApp({ redis, publicUrl: 'http://localhost' })
  elsewhere = await startTestApp({ redis: other2, publicUrl: 'http://localhost', cache: false })
  await until(() => clients.every(({ status }) => status === 'ready') && isOn())
})
afterAll(async () => {
  await Promise.all([here.close(), elsewhere.close()])
  for (const client of [...clients, ...nodes]) client.disconnect()
  await Promise.all(servers.map((server) => server.stop()))
})

const isOn = () => here.store.cacheStats()?.state === 'on'
const ask = (app: App, cookie: string) => app.send('GET', '/me', { cookie })
const signOut = (app: App, cookie: string) => app.send('POST', '/logout', { cookie })

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const start = performance.now()
  while (!(await condition())) {
    if (performance.now() - start > 10_000) throw new Error('not in 10 s')
    await pause(10)
  }
}

/** Sessions on both servers, all cached here. */
async function hotSessions(): Promise<string[]> {
  const cookies: string[] = []
  // A Cluster that has just started refuses some: 503.
  await until(async () => {
    const cookie = await elsewhere.signIn()
    return cookie !== '' && cookies.push(cookie) === 20
  })
  for (const cookie of cookies) expect((await ask(here, cookie)).status).toBe(200)
  const before = here.store.cacheStats()?.misses
  for (const cookie of cookies) expect((await ask(here, cookie)).status).toBe(200)
  expect(here.store.cacheStats()?.misses).toBe(before)
  return cookies
}

/** Moves a slot and its keys to the other server, like `redis-cli --cluster reshard`. */
async function moveSlotOf(key: string): Promise<void> {
  const slot = await nodes[0].cluster('KEYSLOT', key)
  const [from, to] = slot < SLOTS / 2 ? nodes : [nodes[1], nodes[0]]
  const [fromId, toId] = [await from.cluster('MYID'), await to.cluster('MYID')].map(String)
  const keys = await from.cluster('GETKEYSINSLOT', slot, 100)
  const port = servers[to === nodes[0] ? 0 : 1]?.port ?? 0
  await to.cluster('SETSLOT', slot, 'IMPORTING', fromId ?? '')
  await from.cluster('SETSLOT', slot, 'MIGRATING', toId ?? '')
  await from.call('MIGRATE', '127.0.0.1', String(port), '', '0', '5000', 'KEYS', ...keys)
  await to.cluster('SETSLOT', slot, 'NODE', toId ?? '')
  await from.cluster('SETSLOT', slot, 'NODE', toId ?? '')
}

describe('cached sessions in a Cluster', () => {
  it('end with a sign-out elsewhere, whichever server they are on (N2)', async () => {
    const cookies = await hotSessions()
    for (const cookie of cookies) await signOut(elsewhere, cookie)
    await pause(50)
    for (const cookie of cookies) expect((await ask(here, cookie)).status).toBe(401)
  })

  it('leave the cache when the tracking connection to one server is lost (F3)', async () => {
    const cookies = await hotSessions()
    for (const node of nodes) {
      const id = /^id=(\d+).* name=session-cache/m.exec(String(await node.client('LIST')))?.[1]
      await node.client('KILL', 'ID', Number(id))
      for (const cookie of cookies.splice(0, 5)) await signOut(elsewhere, cookie)
      await until(isOn)
    }
    const kept = await Promise.all(cookies.map((cookie) => ask(here, cookie)))
    expect(kept.map(({ status }) => status)).toEqual(cookies.map(() => 200))
    expect(here.store.cacheStats()?.flushes).toBeGreaterThanOrEqual(2)
  })

  it('are on hold if the server of their slot has lost an end (F5)', async () => {
    const redis = clients[1]
    if (!redis) throw new Error('no client')
    const [cookie = ''] = await hotSessions()
    const counts = endCounts({ redis })
    const before = new Map(counts.known().map(({ key, count }) => [key, count]))
    await signOut(elsewhere, cookie)
    const counter = counts.known().find(({ key, count }) => count === (before.get(key) ?? 0) + 1)
    await redis.hincrby(counter?.key ?? '', 'count', -1)
    expect((await ask(elsewhere, cookie)).status).toBe(503)
    expect(await counts.isOnHold()).toBe(true)
    expect(await counts.release()).toBe(true)
    expect((await ask(elsewhere, cookie)).status).toBe(401)
  })

  it('end even after their slot has moved', async () => {
    const [cookie = ''] = await hotSessions()
    await moveSlotOf(`sess:${sessionIdOf(cookie)}`)
    expect((await ask(here, cookie)).status).toBe(200)
    await until(isOn)
    expect((await ask(here, cookie)).status).toBe(200)
    await signOut(elsewhere, cookie)
    await pause(50)
    expect((await ask(here, cookie)).status).toBe(401)
  })
})
