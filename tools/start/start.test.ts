import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startUserService } from '../../apps/auth-server/src/directory/user-service.fixture.ts'
import { queues, sealMail } from '../../packages/mail-contract/src/mail-contract.ts'
import { mailOf } from '../../packages/mail-delivery/src/mail.fixture.ts'
import { connectQueues } from '../../packages/mail-delivery/src/queues.ts'
import { findFreePort } from '../services/run-local-server.ts'
import { z } from 'zod'
import { endStarts, makePlace, npmStart, type Running } from './npm-start.fixture.ts'

jest.setTimeout(60_000)

let place: Awaited<ReturnType<typeof makePlace>>
beforeAll(async () => {
  place = await makePlace()
})
afterEach(endStarts)
afterAll(() => place.remove())

describe('npm start', () => {
  it('tells scripts what runs, once everything answers', async () => {
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

  it('sends what lies in the mail queue, and shows it in the mailbox', async () => {
    const start = npmStart(place)
    const { mailbox, services } = await start.running()
    const { MAIL_SECRETS } = JSON.parse(await readFile(join(place.dataDir, 'secrets.json'), 'utf8'))
    const queue = connectQueues({ url: services.amqp, names: queues(), onError: () => undefined })
    const message = mailOf('confirm')
    const body = Buffer.from(await sealMail(message, [MAIL_SECRETS]))
    await queue.publish(queue.names.mail, { id: message.id, body })
    await queue.close()
    const deadline = Date.now() + 10_000
    const mails = async () =>
      z.array(z.unknown()).parse(await (await ask(`${mailbox}/email`)).json())
    while ((await mails()).length === 0 && Date.now() < deadline) await sleep(50)
    expect(await mails()).toMatchObject([
      {
        to: [{ address: message.to }],
        subject: 'Confirm your account at Latchkey',
        text: expect.stringContaining('Confirm your account'),
        html: expect.stringContaining('<h1'),
      },
    ])
    await start.end('SIGTERM')
  })

  it('signs in on one server, is known on the other, and signed out on both', async () => {
    const start = npmStart(place)
    const running = await start.running()
    const cookie = await signIn(running)
    const me = await ask(`${running.productServer}/me`, { cookie })
    expect(await me.json()).toMatchObject({ user: { username: 'demo', email: 'demo@example.com' } })

    const signOut = await ask(`${running.authServer}/logout`, { cookie, method: 'POST' })
    expect(signOut.status).toBe(200)
    expect((await ask(`${running.productServer}/me`, { cookie })).status).toBe(401)
    expect((await ask(`${running.authServer}/session`, { cookie })).status).toBe(401)
    await start.end('SIGINT')
  })

  it('is the system that the command line finds, whose servers honour each other', async () => {
    const start = npmStart(place)
    const running = await start.running()
    expect(await pnpmCli('doctor')).toMatchObject({ ok: true })
    const names = ['--username', 'ada', '--email', 'ada@example.com']
    const ada = await pnpmCli('create-admin', ...names)
    expect(await signIn({ ...running, accounts: [ada] })).not.toBe('')
    await start.end('SIGTERM')
  })

  it('finds its accounts and who was signed in again', async () => {
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

  it('serves auth-server under BASE_PATH and a PUBLIC_URL that this machine does not know', async () => {
    const env = { ...place.env, BASE_PATH: '/auth', PUBLIC_URL: 'http://login.invalid/auth' }
    const start = npmStart({ ...place, env })
    const running = await start.running()
    expect(running.authServer).toBe(`http://localhost:${place.env.PORT}/auth`)
    const cookie = await signIn(running)
    expect((await ask(`${running.productServer}/me`, { cookie })).status).toBe(200)
    // It has the keys, to say whose token this is not.
    const token = `${Buffer.from('{"alg":"EdDSA","typ":"at+jwt","kid":"x"}').toString('base64url')}.e30.AA`
    const orders = await fetch(`${running.productServer}/api/orders`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    expect(orders.status).toBe(401)
    await start.end('SIGTERM')
  })

  it('makes no accounts where a service keeps the users', async () => {
    const token = randomUUID()
    const service = await startUserService({ token })
    const env = { ...place.env, USER_DIRECTORY_URL: service.url, USER_DIRECTORY_TOKEN: token }
    const start = npmStart({ ...place, env })
    expect((await start.running()).accounts).toEqual([])
    expect(start.output()).toContain('Accounts are those of the service at USER_DIRECTORY_URL.')
    await start.end('SIGTERM')
    await service.close()
  })

  it('prints curl lines with the address and password of the demo account', async () => {
    const start = npmStart(place)
    const { accounts, authServer } = await start.running()
    const credentials = { username: 'demo', password: accounts[0]?.password }
    expect(start.output()).toContain(`-d '${JSON.stringify(credentials)}' ${authServer}/login`)
    await start.end('SIGTERM')
  })
})

describe('a part that ends', () => {
  it('is npm start itself, killed with -9: all that it started ends', async () => {
    const start = npmStart(place)
    const running = await start.running()
    await start.end('SIGKILL')
    const deadline = Date.now() + 15_000
    while ((await whoListens(running)).length > 0 && Date.now() < deadline) await sleep(50)
    expect(await whoListens(running)).toEqual([])
  })

  it('is named, and all else ends with exit code 1', async () => {
    const start = npmStart(place)
    const running = await start.running()
    process.kill(pidOfServer('product-server', start.pid), 'SIGKILL')
    expect(await start.exitCode()).toBe(1)
    expect(start.output()).toContain('product-server ended by SIGKILL.')
    expect(await whoListens(running)).toEqual([])
    expect(existsSync(join(place.dataDir, 'running.json'))).toBe(false)
  })
})

describe('what is in the way', () => {
  it('is a taken port, named with the setting that chooses another', async () => {
    const other = createServer().listen(Number(place.env.PRODUCT_PORT))
    await once(other, 'listening')
    const start = npmStart(place)
    expect(await start.exitCode()).toBe(1)
    expect(start.output()).toContain(`Port ${place.env.PRODUCT_PORT} is taken.`)
    expect(start.output()).toContain('PRODUCT_PORT=')
    other.close()
  })

  it('is another start on the same data', async () => {
    const first = npmStart(place)
    await first.running()
    const ports = { PORT: `${await findFreePort()}`, PRODUCT_PORT: `${await findFreePort()}` }
    const second = npmStart({ ...place, env: { ...place.env, ...ports } })
    expect(await second.exitCode()).toBe(1)
    expect(second.output()).toContain('running here already')
    await first.end('SIGTERM')
  })

  it('is a setting that is wrong, by its name', async () => {
    const start = npmStart({ ...place, env: { ...place.env, PORT: 'http' } })
    expect(await start.exitCode()).toBe(1)
    expect(start.output()).toMatch(/PORT.*whole number/)
  })
})

type Question = { cookie?: string; method?: string; body?: unknown }

function ask(url: string, { cookie = '', method = 'GET', body }: Question = {}): Promise<Response> {
  const headers = { cookie, accept: 'application/json', 'content-type': 'application/json' }
  return fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
}

/** What a command answers for programs, with nothing in its environment that names the system. */
async function pnpmCli(...args: string[]) {
  const program = 'apps/auth-server/src/cli.ts'
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-C', 'source', program, '--data', place.dataDir, ...args, '--json'],
    { env: { PATH: process.env.PATH } },
  )
  return JSON.parse(stdout)
}

async function signIn({ authServer, accounts }: Running): Promise<string> {
  const [{ username, password } = { username: '', password: '' }] = accounts
  const body = { username, password }
  const answer = await ask(`${authServer}/login`, { method: 'POST', body })
  expect(answer.status).toBe(200)
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

async function statuses({ authServer, productServer }: Running, path: string): Promise<number[]> {
  const answers = await Promise.all([ask(authServer + path), ask(productServer + path)])
  return answers.map(({ status }) => status)
}

/** Of the servers, the Redis and the mail catcher that were started, those that take connections. */
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

/** The process of a server that `start` runs: under a keeper, which is a child of `start`. */
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

/** What the auth-server answers product-server's question about a token. */
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
