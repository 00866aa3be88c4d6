import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { openMail, queues } from 'mail-contract'
import { Connection } from 'rabbitmq-client'
import request from 'supertest'
import { startSmtp } from '../../../../packages/mail-delivery/src/smtp/smtp-server.fixture.ts'
import { startTcpProxy, type TcpProxy } from '../../../../tools/testing/tcp-proxy.ts'
import { startTestApp } from '../../testing/auth-server.fixture.ts'
import { newInvite } from '../../testing/invites.fixture.ts'
import { openMailTransport, type MailTransport } from './open-mail-transport.ts'
import { testOutbox, until } from '../../testing/outbox.fixture.ts'

const amqpUrl = process.env.AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'
const queuePrefix = `test-${randomBytes(6).toString('hex')}-`
const names = queues(queuePrefix)
const queue = names.mail
const rabbit = new Connection(amqpUrl)

let world: Awaited<ReturnType<typeof testOutbox>>
let proxy: TcpProxy
let way: MailTransport

beforeAll(async () => {
  world = await testOutbox()
})
beforeEach(async () => {
  await rabbit.queueDeclare({ queue, durable: true })
  proxy = await startTcpProxy({ url: amqpUrl })
  const url = new URL(amqpUrl)
  url.port = String(proxy.port)
  const config = { ...world.config, amqpUrl: url.href, mailQueuePrefix: queuePrefix }
  way = openMailTransport({ config, logger: world.logger })
})
afterEach(async () => {
  await world.stopRelays()
  await way.close()
  await proxy.stop()
  for (const name of [names.mail, names.dead, ...names.retries.map(({ name }) => name)])
    // oxlint-disable-next-line no-await-in-loop
    await rabbit.queueDelete(name)
  await world.users.deleteMany({})
})
afterAll(async () => {
  await rabbit.close()
  await world.close()
})

async function addUser() {
  const [user] = await world.addUsers(1)
  if (!user) throw new Error('no user')
  return user
}
const start = () => world.startRelay((message, record) => way.send(message, record))

async function take() {
  const message = await rabbit.basicGet({ queue, noAck: true })
  return message
}

async function takeAll() {
  const taken: NonNullable<Awaited<ReturnType<typeof take>>>[] = []
  // oxlint-disable-next-line no-await-in-loop
  for (let message = await take(); message; message = await take()) taken.push(message)
  return taken
}

describe('the relay with RabbitMQ', () => {
  it('publishes an e-mail persistent, sealed and under its own id', async () => {
    const user = await addUser()
    start()
    await world.waiting(0)
    const [message, ...others] = await takeAll()
    expect(others).toEqual([])
    expect(message).toMatchObject({ messageId: user.outbox[0]?.id, durable: true })
    const sealed = String(message?.body)
    expect(sealed).not.toContain('confirmation')
    const mail = await openMail(sealed, world.config.mailSecrets)
    expect(mail).toMatchObject({ kind: 'confirm', to: user.email })
  })

  it('F12 N1 keeps an e-mail while its queue is missing, and sends it once the queue is back', async () => {
    await addUser()
    start()
    await world.waiting(0)
    await rabbit.queueDelete(queue)
    const user = await addUser()
    await sleep(700)
    expect(await world.outboxOf(user.id)).toMatchObject([{ failedAt: null }])
    await rabbit.queueDeclare({ queue, durable: true })
    await world.waiting(0)
    expect(await takeAll()).toHaveLength(1)
  })

  it('F10 N1 loses none of 100 e-mails while the connection is cut repeatedly', async () => {
    const users = await world.addUsers(100)
    start()
    for (let cut = 0; cut < 4; cut += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await sleep(40)
      proxy.cut()
    }
    await world.waiting(0, 30_000)
    const ids = new Set((await takeAll()).map(({ messageId }) => messageId))
    expect(ids).toEqual(new Set(users.map(({ outbox }) => outbox[0]?.id)))
  }, 40_000)

  it('F11 continues within 10 s of the broker coming back', async () => {
    await proxy.refuse()
    const user = await addUser()
    const relay = start()
    await sleep(3_000)
    expect(await world.outboxOf(user.id)).toHaveLength(1)
    await proxy.heal()
    relay.wake()
    await world.waiting(0, 10_000)
    expect(await takeAll()).toHaveLength(1)
  }, 30_000)

  it('C27 F11 gives up on a silent broker within 5 s, keeps the e-mail, and continues once it is back', async () => {
    const first = await addUser()
    const attempts: { began: number; ended?: number }[] = []
    world.startRelay(async (message, record) => {
      const attempt: (typeof attempts)[number] = { began: Date.now() }
      if (message.id !== first.outbox[0]?.id) attempts.push(attempt)
      await way.send(message, record).finally(() => (attempt.ended = Date.now()))
    })
    await world.waiting(0)
    proxy.drop()
    const second = await addUser()
    await until(() => attempts.some(({ ended }) => ended !== undefined), 8_000)
    const [attempt] = attempts
    expect((attempt?.ended ?? Infinity) - (attempt?.began ?? 0)).toBeLessThan(6_000)
    expect(await world.outboxOf(second.id)).toMatchObject([{ failedAt: null }])
    await proxy.heal()
    await world.waiting(0, 10_000)
    expect((await takeAll()).map(({ messageId }) => messageId)).toEqual(
      [first, second].map(({ outbox }) => outbox[0]?.id),
    )
  }, 60_000)
})

describe('the relay without RabbitMQ', () => {
  it('sends by SMTP with valid headers, retries deferred e-mails and keeps refused ones (R70)', async () => {
    const smtp = await startSmtp((to, attempt) => {
      if (to.startsWith('never')) return { refuse: 550, at: 'RCPT', text: 'no such mailbox' }
      return to.startsWith('later') && attempt === 1 ? { refuse: 451, at: 'DATA' } : 'accept'
    })
    const config = { ...world.config, amqpUrl: undefined, smtpUrl: smtp.url }
    const direct = openMailTransport({ config, logger: world.logger })
    const [now, later, never] = await world.addUsers(3)
    if (!now || !later || !never) throw new Error('no users')
    for (const [user, to] of [
      [later, 'later@mail.test'],
      [never, 'never@mail.test'],
    ] as const)
      // oxlint-disable-next-line no-await-in-loop
      await world.users.updateOne(
        { emailKey: user.emailKey },
        { $set: { email: to, emailKey: to, 'outbox.0.to': to } },
      )
    world.startRelay((message, record) => direct.send(message, record))
    await world.waiting(2)
    const laterMail = async () => (await world.outboxOf(later.id))[0]
    await until(
      async () => ((await laterMail())?.dueAt?.getTime() ?? Infinity) < Date.now() + 11_000,
    )
    expect(await laterMail()).toMatchObject({ attempts: 1, failedAt: null })
    const due = { 'outbox.0.dueAt': new Date() }
    await world.users.updateOne({ emailKey: 'later@mail.test' }, { $set: due })
    await world.waiting(1)
    expect(smtp.caught.map(({ to }) => to)).toEqual([[now.email], ['later@mail.test']])
    const [dead] = await world.outboxOf(never.id)
    expect(dead).toMatchObject({ reason: expect.stringContaining('550'), dueAt: null })
    expect(smtp.attempts.get('never@mail.test')).toBe(1)
    await world.stopRelays()
    await direct.close()
    await smtp.close()
  })
})

describe('a sign-up while RabbitMQ is down', () => {
  it('F10 F11 is accepted in the usual time; its e-mail waits and goes out later', async () => {
    await proxy.refuse()
    const server = await startTestApp({}, { sendMail: (...mail) => way.send(...mail) })
    const { token: invite } = await newInvite(server)
    const person = { username: 'waiting', email: 'waiting@mail.test', invite }
    const began = performance.now()
    await request(server.app)
      .post('/signup')
      .send({ ...person, password: 'seven quiet rivers meet' })
      .expect(202)
    expect(performance.now() - began).toBeLessThan(1_000)
    const waiting = async () => (await server.users.findOne({ usernameKey: 'waiting' }))?.outbox
    expect(await waiting()).toHaveLength(1)
    await proxy.heal()
    await until(async () => (await waiting())?.length === 0, 15_000)
    expect(await takeAll()).toHaveLength(1)
    await server.close()
  }, 30_000)
})
