import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { tapLink, type Tap } from '../faults/tap-link.ts'
import { findFreePort } from '../tools/services/free-port.ts'
import { startReadyProxy } from '../tools/testing/ready-proxy.ts'
import { testMongoUrl } from '../tools/testing/test-services.ts'
import { password, startConstellation } from './constellation.fixture.ts'
import { endServer, serve } from './server-process.fixture.ts'

/** The bytes of a rotation's write in a command to MongoDB. */
const rotation = '\x02findAndModify\0\x09\0\0\0families\0'
const audience = 'https://orders.example'

let tap: Tap
let auth: Awaited<ReturnType<typeof startConstellation>>
let app: { client_id: string; client_secret: string }

beforeAll(async () => {
  const mongoUrl = new URL(testMongoUrl())
  tap = await tapLink(mongoUrl.href)
  const env = { REFRESH_LEEWAY: '30' }
  auth = await startConstellation({ mongoUrl: `${tap.url}${mongoUrl.pathname}`, env })
  await auth.addUser('ada')
  const scopes = ['orders:read']
  await auth.addClient({ name: 'Orders', kind: 'resource_server', audience, scopes })
  const asks = { audiences: [audience], scopes }
  const { client, secret } = await auth.addClient({ name: 'App', kind: 'first_party', ...asks })
  app = { client_id: client.id, client_secret: secret }
}, 60_000)
afterAll(async () => {
  await auth.stop()
  await tap.close()
})

function post(url: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', connection: 'close' }
  return fetch(url, { method: 'POST', headers, body: JSON.stringify({ ...app, ...body }) })
}

async function newToken(): Promise<string> {
  const answer = await post(`${auth.authUrl}login`, { username: 'ada', password })
  return (await answer.json()).refresh_token
}

function refresh(origin: string, token: string): Promise<Response> {
  return post(new URL('/refresh', origin).href, { refresh_token: token })
}

describe('auth-server killed between the write of a rotation and its answer', () => {
  it('(C7, C9) leaves a family whose client retries and gets the successor', async () => {
    const token = await newToken()
    const struck = tap.strike({ request: rotation, at: 'answer' }, () => auth.killAuthServer())
    const asked = await refresh(auth.authUrl, token).catch(() => 'cut')
    await struck
    expect(asked).toBe('cut')
    await auth.reviveAuthServer()
    const retry = await refresh(auth.authUrl, token)
    expect(retry.status).toBe(200)
    const { refresh_token: successor } = await retry.json()
    expect((await refresh(auth.authUrl, successor)).status).toBe(200)
  }, 60_000)
})

describe('a rolling restart of two auth-servers', () => {
  let ports: number[] = []
  let servers: ChildProcess[] = []
  let proxy: Awaited<ReturnType<typeof startReadyProxy>>
  const originOf = (port: number | undefined) => `http://127.0.0.1:${port}`
  const start = (port: number) => serve('auth-server', { ...auth.authServerEnv, PORT: `${port}` })

  beforeAll(async () => {
    ports = await Promise.all([findFreePort(), findFreePort()])
    servers = ports.map(start)
    proxy = await startReadyProxy(ports.map(originOf))
    await Promise.all(ports.map((port) => proxy.untilReady(originOf(port))))
  }, 60_000)
  afterAll(async () => {
    await proxy.stop()
    await Promise.all(servers.map(endServer))
  })

  async function restartOneAfterTheOther(): Promise<void> {
    for (const [at, port] of ports.entries()) {
      const server = servers[at]
      // oxlint-disable-next-line no-await-in-loop
      if (server) await endServer(server)
      servers[at] = start(port)
      // oxlint-disable-next-line no-await-in-loop
      await proxy.untilReady(originOf(port))
    }
  }

  it('(N12) fails no refresh', async () => {
    const told: (number | string)[] = []
    const done = new AbortController()
    async function goOnRefreshing(): Promise<void> {
      let token = await newToken()
      while (!done.signal.aborted) {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await refresh(proxy.origin, token).catch(String)
        told.push(typeof answer === 'string' ? answer : answer.status)
        if (typeof answer === 'string' || answer.status !== 200) return
        // oxlint-disable-next-line no-await-in-loop
        ;({ refresh_token: token } = await answer.json())
      }
    }
    const clients = Promise.all(Array.from({ length: 6 }, goOnRefreshing))
    await restartOneAfterTheOther()
    done.abort()
    await clients
    expect(told.filter((each) => each !== 200)).toEqual([])
    expect(told.length).toBeGreaterThan(60)
  }, 60_000)
})
