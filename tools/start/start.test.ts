import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startUserService } from '../../apps/auth-server/testing/user-service.fixture.ts'
import { ask, endStarts, makePlace, npmStart, type Running, signIn } from './npm-start.fixture.ts'

jest.setTimeout(60_000)

let place: Awaited<ReturnType<typeof makePlace>>
beforeAll(async () => {
  place = await makePlace()
})
afterEach(endStarts)
afterAll(() => place.remove())

describe('npm start', () => {
  it('tells scripts what is running, once everything answers', async () => {
    const start = npmStart(place)
    const running = await start.running()
    expect(running).toEqual({
      authServer: `http://localhost:${place.env.PORT}`,
      productServer: `http://localhost:${place.env.PRODUCT_PORT}`,
      mailbox: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
      services: {
        mongo: place.env.MONGO_URL,
        redis: expect.stringMatching(/^redis:\/\//),
        amqp: place.env.AMQP_URL,
        smtp: expect.stringMatching(/^smtp:\/\//),
      },
      accounts: expect.arrayContaining([
        expect.objectContaining({ username: 'demo', roles: [] }),
        expect.objectContaining({ username: 'admin', roles: ['admin'] }),
      ]),
      productClient: {
        client_id: expect.any(String),
        client_secret: expect.any(String),
        audience: `http://localhost:${place.env.PRODUCT_PORT}`,
      },
    })
    expect(await verifies(running)).toEqual({ active: false, reason: 'invalid' })
    expect(await statuses(running, '/healthz')).toEqual([200, 200])
    for (const file of [
      'running.json',
      'auth-server.json',
      'secrets.json',
      'demo-accounts.json',
      'product-client.json',
    ])
      expect((await stat(join(place.dataDir, file))).mode & 0o777).toBe(0o600)

    expect(await start.end('SIGTERM')).toBe(0)
    expect(existsSync(join(place.dataDir, 'running.json'))).toBe(false)
    expect(await whoListens(running)).toEqual([])
  })

  it('keeps its accounts and sessions over a restart', async () => {
    const first = npmStart(place)
    const before = await first.running()
    const cookie = await signIn(before)
    await first.end('SIGTERM')

    const second = npmStart(place)
    const after = await second.running()
    expect(after.accounts).toEqual(before.accounts)
    expect((await ask(`${after.authServer}/session`, { cookie })).status).toBe(200)
    expect((await ask(`${after.productServer}/me`, { cookie })).status).toBe(200)
    await second.end('SIGTERM')
  })

  it('serves auth-server under BASE_PATH and a PUBLIC_URL that this machine does not resolve', async () => {
    const env = { ...place.env, BASE_PATH: '/auth', PUBLIC_URL: 'http://login.invalid/auth' }
    const start = npmStart({ ...place, env })
    const running = await start.running()
    expect(running.authServer).toBe(`http://localhost:${place.env.PORT}/auth`)
    const cookie = await signIn(running)
    expect((await ask(`${running.productServer}/me`, { cookie })).status).toBe(200)
    // product-server has the keys, so it can refuse this token.
    const token = `${Buffer.from('{"alg":"EdDSA","typ":"at+jwt","kid":"x"}').toString('base64url')}.e30.AA`
    const orders = await fetch(`${running.productServer}/api/orders`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    expect(orders.status).toBe(401)
    await start.end('SIGTERM')
  })

  it('creates no accounts if a user service keeps the users', async () => {
    const token = randomUUID()
    const service = await startUserService({ token })
    const env = { ...place.env, USER_DIRECTORY_URL: service.url, USER_DIRECTORY_TOKEN: token }
    const start = npmStart({ ...place, env })
    expect((await start.running()).accounts).toEqual([])
    expect(start.output()).toContain('The accounts are those of the service at USER_DIRECTORY_URL.')
    await start.end('SIGTERM')
    await service.close()
  })
})

describe('a part that ends', () => {
  it('is npm start itself, killed with SIGKILL: everything that it started ends', async () => {
    const start = npmStart(place)
    const running = await start.running()
    await start.end('SIGKILL')
    const deadline = Date.now() + 15_000
    while ((await whoListens(running)).length > 0 && Date.now() < deadline) await sleep(50)
    expect(await whoListens(running)).toEqual([])
  })

  it('is named and restarted, while everything else goes on', async () => {
    const start = npmStart(place)
    const running = await start.running()
    process.kill(pidOfServer('product-server', start.pid), 'SIGKILL')
    await start.says('product-server is back.')
    expect(start.output()).toContain('product-server was killed by SIGKILL. Restarting')
    expect(await statuses(running, '/healthz')).toEqual([200, 200])
    await start.end('SIGTERM')
    expect(await whoListens(running)).toEqual([])
  })
})

describe('the problem that stops npm start', () => {
  it('is every taken port, with the settings that choose others', async () => {
    const ports = [place.env.PORT, place.env.PRODUCT_PORT]
    const others = ports.map((port) => createServer().listen(Number(port)))
    await Promise.all(others.map((other) => once(other, 'listening')))
    const start = npmStart(place)
    expect(await start.exitCode()).toBe(1)
    for (const port of ports) expect(start.output()).toContain(`Port ${port} is taken.`)
    expect(start.output()).toMatch(/ PORT=8\d{3} PRODUCT_PORT=8\d{3} npm start/)
    for (const other of others) other.close()
  })

  it('is another start on the same data', async () => {
    const first = npmStart(place)
    await first.running()
    const second = npmStart(place)
    expect(await second.exitCode()).toBe(1)
    expect(second.output()).toContain('already running here')
    expect(second.output()).not.toContain('is taken')
    await first.end('SIGTERM')
  })

  it('is a wrong setting, by its name', async () => {
    const start = npmStart({ ...place, env: { ...place.env, PORT: 'http' } })
    expect(await start.exitCode()).toBe(1)
    expect(start.output()).toMatch(/PORT.*whole number/)
  })
})

async function statuses({ authServer, productServer }: Running, path: string): Promise<number[]> {
  const answers = await Promise.all([ask(authServer + path), ask(productServer + path)])
  return answers.map(({ status }) => status)
}

/** Those of the started servers, Redis and mail catcher that still accept connections. */
async function whoListens({ authServer, productServer, services, mailbox }: Running) {
  const addresses = [authServer, productServer, services.redis, services.smtp, mailbox]
  const listening = await Promise.all(addresses.map(isListening))
  return addresses.filter((_, index) => listening[index])
}

function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => resolve(false)).on('connect', () => resolve(true))
    socket.on('connect', () => socket.destroy())
  })
}

/** The process of a server that `start` runs, under a keeper, which is a child of `start`. */
function pidOfServer(name: string, start: number | undefined): number {
  const table = String(execFileSync('ps', ['-ww', '-eo', 'pid=,ppid=,args=']))
  const processes = table.split('\n').map((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), command: command.join(' ') }
  })
  const ofServer = processes.filter(({ command }) => command.includes(`apps/${name}/src/main.ts`))
  const keeper = ofServer.find(({ parent }) => parent === start)
  const server = ofServer.find(({ parent }) => parent === keeper?.pid)
  if (server === undefined) throw new Error(`no process of ${name} under ${start}`)
  return server.pid
}

/** The auth server's answer when product-server verifies a token. */
async function verifies({ authServer, productClient }: Running): Promise<unknown> {
  const { client_id, client_secret } = productClient
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64')
  const answer = await fetch(`${authServer}/verify`, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ token: 'x' }),
  })
  return await answer.json()
}
