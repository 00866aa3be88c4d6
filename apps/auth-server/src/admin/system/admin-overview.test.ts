import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTcpProxy, type TcpProxy } from '../../../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import { raiseToTwoFactors } from '../../../testing/age-sign-in.fixture.ts'
import { password } from '../../../testing/auth-server.fixture.ts'
import { site } from '../../../testing/pages.fixture.ts'
import { openDeadMails } from '../../../testing/dead-mails.fixture.ts'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'
import { overviewPage } from './overview.page.ts'
import { signInChart } from './sign-in-chart.ts'

const deadMails = openDeadMails('a secret for mails in tests of the overview')
const mongoUrl = new URL(testMongoUrl())

let mongo: TcpProxy
let rabbit: TcpProxy
let server: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  mongo = await startTcpProxy({ url: mongoUrl.href })
  rabbit = await startTcpProxy({ url: deadMails.env.AMQP_URL })
  const amqpUrl = new URL(deadMails.env.AMQP_URL)
  amqpUrl.port = String(rabbit.port)
  server = await startWithAdmin({
    ...deadMails.env,
    MONGO_URL: `${mongo.url}${mongoUrl.pathname}`,
    AMQP_URL: amqpUrl.href,
  })
  await raiseToTwoFactors(server, server.cookie)
  await server.mailQueues?.connection.onConnect()
})
afterEach(async () => {
  await mongo.heal()
  await rabbit.heal()
})
afterAll(async () => {
  await server.close()
  await Promise.all([mongo.stop(), rabbit.stop(), deadMails.close()])
})

async function overview() {
  return (await request(server.app).get('/admin').set('Cookie', server.cookie).expect(200)).body
}

/** The text of the page without markup. */
async function words(): Promise<string> {
  const { text } = await server.visit('/admin').expect(200)
  return text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

describe('GET /admin', () => {
  it('counts the sign-ins and refusals of the last 24 hours, hour by hour', async () => {
    const { username } = await server.addUser()
    const before = (await overview()).signIns.at(-1)
    await request(server.app).post('/login').send({ username, password }).expect(200)
    await request(server.app).post('/login').send({ username, password: 'wrong' }).expect(401)
    await server.audited()
    const { signIns } = await overview()
    expect(signIns).toHaveLength(24)
    const sum = (name: string) =>
      signIns.reduce((sum: number, hour: Record<string, number>) => sum + (hour[name] ?? 0), 0)
    expect(before.signedIn + 1).toBe(sum('signedIn'))
    expect(sum('refused')).toBe(1)
  })

  it('leaves out older ones', async () => {
    const before = (await overview()).signIns
    const [record] = await server.audited({ event: 'signed_in' })
    const old = { at: new Date(Date.now() - 24 * 60 * 60 * 1000), outcome: 'success' as const }
    await server.auditRecords.create({ event: record?.event ?? '', ...old })
    expect((await overview()).signIns).toEqual(before)
  })

  it('counts e-mails in outboxes and queues, and dead e-mails', async () => {
    await deadMails.park()
    const text = await words()
    expect(text).toContain('0 waiting, 0 to be retried')
    expect(text).toContain('1 in the queue')
    expect(text).toContain('Outboxes Empty')
  })

  it('shows that every dependency answers', async () => {
    const { dependencies } = await overview()
    expect(dependencies).toMatchObject({ redis: { status: 'up' }, mongo: { status: 'up' } })
    expect(await words()).not.toContain('Does not answer')
  })

  it('answers within two seconds while MongoDB is down, and says so (R63)', async () => {
    mongo.hold()
    const started = performance.now()
    const text = await words()
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(text).toContain('MongoDB Does not answer')
    expect(text).toContain('The audit log does not answer.')
    expect(text).toContain('Users Unknown: no answer in time')
    expect(text).toContain('1 in the queue')
  })

  it('answers within two seconds while RabbitMQ is down, and says so (R63)', async () => {
    rabbit.hold()
    const started = performance.now()
    const text = await words()
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(text).toContain('RabbitMQ Does not answer')
    expect(text).toMatch(/MongoDB Answers/)
  })
})

describe('the chart of sign-ins', () => {
  const hour = (signedIn: number, refused: number) => {
    return { from: new Date('2026-11-21T09:00:00Z'), signedIn, refused }
  }

  it('has sign-ins above the line and refusals below it, on one scale', () => {
    const { line, height, above, below } = signInChart([hour(3, 0), hour(0, 1)])
    expect(height).toBe(120)
    expect(line).toBe(90)
    expect(above).toMatchObject([
      { y: 0, height: 90 },
      { y: 90, height: 0 },
    ])
    expect(below).toMatchObject([
      { y: 90, height: 0 },
      { y: 90, height: 30 },
    ])
  })

  it('is a bare line in the middle without sign-ins', () => {
    expect(signInChart([hour(0, 0)])).toMatchObject({ line: 60, above: [{ height: 0 }] })
  })

  it('can also be read as a table', () => {
    const signIns = Array.from({ length: 24 }, (_, at) => hour(at, 0))
    const counts = { users: 1, outboxes: 0, queues: undefined, dependencies: {} }
    const html = overviewPage(site, { ...counts, signIns })
    expect(html).toContain('>09:00</time></th><td>23</td><td>0</td>')
    expect(html).toMatch(/<svg [^>]*aria-hidden="true"/)
  })
})
