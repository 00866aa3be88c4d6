import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLogger } from 'service-kit'
import request from 'supertest'
import { tapLink, type Tap } from '../../../../faults/tap-link.ts'
import { type OwnInstance, startOwnRedis } from '../../../../tools/services/own-instances.ts'
import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'
import { commandLine } from '../../testing/cli.fixture.ts'
import { mailTo, tokenIn } from '../../testing/mailed-links.fixture.ts'
import { blockAddress } from '../sign-in/attempts/block-address.ts'
import { addTestClients, pairByPassword } from '../../testing/token-clients.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>
type People = { victim: { id: string; email: string }; admin: string }

const logger = createLogger({ name: 'test', level: 'silent', pretty: false })

let redis: OwnInstance
let tap: Tap
let server: Server
let cli: ReturnType<typeof commandLine>

beforeAll(async () => {
  redis = await startOwnRedis()
  const { href, pathname } = new URL(testMongoUrl())
  tap = await tapLink(href)
  const mongoUrl = `${tap.url}${pathname}`
  const mailSecrets = ['a secret for links in tests of outages']
  const settings = { TRUST_PROXY: '1', LIMIT_SIGN_IN_PER_ADDRESS: '1000' }
  const place = { keyPrefix: '', config: { mongoUrl, mailSecrets } }
  server = await startTestApp(settings, { redisUrl: redis.url, beside: place })
  cli = commandLine({ MONGO_URL: mongoUrl, REDIS_URL: redis.url, MAIL_SECRETS: mailSecrets[0] })
}, 60_000)
afterAll(async () => {
  await server.users.db.dropDatabase()
  await server.close()
  await tap.close()
  await redis.stop()
})

/** The bytes by which a command that changes this collection is recognised on its way to MongoDB. */
function change(collection: string, command = 'update'): string {
  const length = String.fromCharCode(collection.length + 1)
  return `\x02${command}\0${length}\0\0\0${collection}\0`
}

async function newAdmin(): Promise<string> {
  const { username } = await server.addUser({ roles: ['admin'] })
  return cookieOf(await request(server.app).post('/login').send({ username, password }).expect(200))
}

function post(path: string, body: object, cookie = '') {
  return request(server.app).post(path).set('Cookie', cookie).send(body)
}

/** Pauses Redis when the change is on its way to MongoDB, and resumes it after `act`. */
async function withoutRedis<Done>(request: string, act: () => PromiseLike<Done>): Promise<Done> {
  const struck = tap.strike({ request, at: 'request' }, () => redis.pause())
  try {
    const done = await act()
    await struck
    return done
  } finally {
    redis.resume()
  }
}

/** Drops MongoDB's answer to the change, after skipping `skip` of them. */
async function withoutAnswer<Done>(
  request: string,
  act: () => PromiseLike<Done>,
  skip = 0,
): Promise<Done> {
  const struck = tap.strike({ request, at: 'answer', skip }, () => undefined)
  const done = await act()
  await struck
  return done
}

async function eventsOf(subjectId: string): Promise<string[]> {
  return (await server.audited({ subjectId })).map(({ event }) => event)
}

const acts: [string, string, (people: People) => PromiseLike<{ status: number }>][] = [
  [
    'a change of roles',
    'roles_changed',
    ({ victim, admin }) => post(`/admin/users/${victim.id}/roles`, { roles: ['editor'] }, admin),
  ],
  [
    'a suspension',
    'user_suspended',
    ({ victim, admin }) => post(`/admin/users/${victim.id}/suspend`, {}, admin),
  ],
  [
    'a deletion',
    'account_deleted',
    ({ victim, admin }) => post(`/admin/users/${victim.id}/delete`, {}, admin),
  ],
]

describe('a change during which Redis goes down is in the audit log (R60)', () => {
  it.each(acts)('%s by an admin', async (_, event, act) => {
    const people = { victim: await server.addUser(), admin: await newAdmin() }
    const { status } = await withoutRedis(change('users'), () => act(people))
    expect(status).toBe(503)
    expect(await eventsOf(people.victim.id)).toEqual([event])
  })

  it.each([
    ['roles', 'roles_changed', ['editor']],
    ['suspend', 'user_suspended', []],
    ['delete', 'account_deleted', ['--yes']],
  ])(
    'users %s on the command line',
    async (command, event, given) => {
      const { id, username } = await server.addUser()
      const run = () => cli.run(['users', command, username, ...given])
      const { code } = await withoutRedis(change('users'), run)
      expect(code).toBe(1)
      expect(await eventsOf(id)).toEqual([event])
    },
    30_000,
  )

  it('a password reset by e-mail', async () => {
    const { id, email } = await server.addUser()
    await post('/forgot_password', { email }).expect(202)
    const token = tokenIn(await mailTo(server, { to: email, kind: 'reset' }))
    const body = { token, password: 'eight quiet rivers meet' }
    const { status } = await withoutRedis(change('users'), () => post('/reset_password', body))
    expect(status).toBe(503)
    expect(await eventsOf(id)).toEqual(['mail_requested', 'password_reset'])
  })

  it('the end of all sessions, even if their tokens cannot be ended', async () => {
    const { id } = await server.addUser()
    const admin = await newAdmin()
    const endAll = () => post(`/admin/users/${id}/end-sessions`, {}, admin)
    const { status } = await withoutAnswer(change('sign_ins'), endAll, 1)
    expect([status, await eventsOf(id)]).toEqual([503, ['sessions_ended']])
  })
})

describe('the removal of a client', () => {
  const remove = async (id: string) => post(`/admin/clients/${id}/remove`, {}, await newAdmin())

  it('ends its tokens first, so that a retry after an outage completes and records it', async () => {
    const { app } = await addTestClients(server)
    await pairByPassword(server, app, (await server.addUser()).username)
    expect((await withoutAnswer(change('families'), () => remove(app.id))).status).toBe(503)
    expect(await eventsOf(app.id)).toEqual([])
    expect((await remove(app.id)).status).toBe(204)
    expect(await eventsOf(app.id)).toEqual(['client_removed'])
    const families = await server.families.find({ clientId: app.id }).lean()
    expect(families.map(({ revokedBecause }) => revokedBecause)).toEqual(['revoked'])
  })

  it('is recorded if MongoDB goes down before the tokens are ended again', async () => {
    const { app } = await addTestClients(server)
    const { status } = await withoutAnswer(change('families'), () => remove(app.id), 1)
    expect([status, await eventsOf(app.id)]).toEqual([503, ['client_removed']])
  })
})

describe('lifting the block of an address', () => {
  const lift = async (address: string) =>
    post('/admin/addresses/lift', { address }, await newAdmin())

  async function block(address: string): Promise<void> {
    await blockAddress({ ...server, logger }, { address, failures: 20 })
  }

  it('is recorded if Redis goes down during the write', async () => {
    await block('198.51.100.6')
    await withoutRedis(change('suspensions', 'delete'), () => lift('198.51.100.6'))
    expect(await eventsOf('198.51.100.6')).toEqual(['suspension_lifted'])
  })

  it('is recorded if MongoDB does not answer', async () => {
    await block('198.51.100.7')
    const { status } = await withoutAnswer(change('suspensions', 'delete'), () =>
      lift('198.51.100.7'),
    )
    expect([status, await eventsOf('198.51.100.7')]).toEqual([503, ['suspension_lifted']])
  })

  it('is recorded if only Redis knows the block', async () => {
    await block('198.51.100.8')
    await server.blocks.deleteOne({ _id: '198.51.100.8' })
    await lift('198.51.100.8')
    expect(await eventsOf('198.51.100.8')).toEqual(['suspension_lifted'])
  })
})
