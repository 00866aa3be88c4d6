import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mailOf } from '../../../packages/mail-delivery/src/mail.fixture.ts'
import { amqpUrl, openPostOffice, type PostOffice, secrets, until } from './worker.fixture.ts'
import { childEnv } from '../../../tools/testing/child-env.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const running = new Set<ChildProcess>()
let office: PostOffice

beforeAll(async () => void (office = await openPostOffice()))
beforeEach(() => {
  office.smtp.caught.length = 0
  office.smtp.attempts.clear()
  office.smtp.follow(() => 'accept')
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})
afterAll(() => office.close())

describe('the mail worker as a process', () => {
  it('sends what is in the queue, reports its health, and exits cleanly', async () => {
    const worker = await start()
    await office.post(mailOf('confirm'))
    await office.caught(1)
    expect(await ask(worker.port, '/healthz')).toEqual({ status: 'ok' })
    expect(await ask(worker.port, '/readyz')).toMatchObject({
      status: 'ok',
      dependencies: { redis: { status: 'up' }, rabbitmq: { status: 'up' } },
    })
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  it('finishes the e-mail that it is sending when it is stopped', async () => {
    const sending = Promise.withResolvers<void>()
    office.smtp.follow(async () => {
      sending.resolve()
      await sleep(300)
      return 'accept' as const
    })
    const worker = await start()
    await office.post(mailOf('confirm'))
    await sending.promise
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(office.smtp.caught).toHaveLength(1)
    await start()
    await office.settled()
    await sleep(200)
    expect(office.smtp.caught).toHaveLength(1)
  })

  it('sends at most one duplicate, with the same id, if killed between 250 and its record (C30, F14)', async () => {
    const worker = await start()
    let asked = 0
    office.smtp.follow(() => {
      asked += 1
      // The second time, the server has the whole e-mail and is about to answer 250.
      if (asked === 2) worker.child.kill('SIGKILL')
      return 'accept'
    })
    const message = mailOf('confirm')
    await office.post(message)
    await worker.exited
    await start()
    await office.caught(2)
    await office.settled()
    await sleep(300)
    const ids = office.smtp.caught.map(({ mail }) => mail.messageId)
    const id = `<${message.id}@login.example.com>`
    expect(ids).toEqual([id, id])
  })

  it('N1 sends at most one e-mail twice if killed while it sends many at once', async () => {
    const messages = Array.from({ length: 12 }, () => mailOf('confirm'))
    const worker = await start()
    const asked = new Map<string, number>()
    office.smtp.follow(async (to) => {
      asked.set(to, (asked.get(to) ?? 0) + 1)
      // The server holds as many whole e-mails at the same moment as the worker lets it.
      if (asked.get(to) === 1) return 'accept' as const
      await sleep(100)
      worker.child.kill('SIGKILL')
      return 'accept' as const
    })
    await Promise.all(
      messages.map((message, at) => office.post({ ...message, to: `p${at}@example.com` })),
    )
    await worker.exited
    await sleep(300)
    office.smtp.follow(() => 'accept')
    await start()
    const people = () => new Set(office.smtp.caught.map(({ to }) => to.join()))
    await until(() => people().size === messages.length, 'every mail')
    await office.settled()
    await sleep(300)
    expect(office.smtp.caught.length - messages.length).toBeLessThanOrEqual(1)
  })

  it('still sends the e-mail after it was killed in the middle of a conversation', async () => {
    const worker = await start()
    office.smtp.follow((_to, attempt) => {
      if (attempt > 1) return 'accept'
      worker.child.kill('SIGKILL')
      return 'stall'
    })
    await office.post(mailOf('confirm'))
    await worker.exited
    await start()
    await office.caught(1)
    await office.settled()
    expect(office.smtp.caught).toHaveLength(1)
  })

  it('gives up an e-mail after dying of it five times (C30)', async () => {
    const message = mailOf('confirm')
    await office.redis.hset(`${office.prefix}mail-sent:${message.id}`, 'tries', 5)
    await start()
    await office.post(message)
    expect(await office.dead(1)).toMatchObject([{ id: message.id, reason: 'no tries left' }])
    expect(office.smtp.attempts.size).toBe(0)
  })

  it('logs an outage once, however often it reconnects', async () => {
    const down = { REDIS_URL: 'redis://127.0.0.1:1', AMQP_URL: 'amqp://127.0.0.1:1' }
    const worker = await start(down)
    await sleep(2_000)
    const lines = worker.output().split('\n')
    for (const store of ['Redis', 'RabbitMQ'])
      expect(lines.filter((line) => line.includes(store))).toEqual([
        expect.stringContaining(`${store} is down`),
      ])
  })
})

async function start(given: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['-C', 'source', main], {
    env: childEnv({
      NODE_ENV: 'test',
      PORT: '0',
      AMQP_URL: amqpUrl,
      REDIS_URL: office.redisUrl,
      SMTP_URL: office.smtp.url,
      MAIL_FROM: 'Latchkey <no-reply@login.example.com>',
      MAIL_SECRETS: secrets.join(),
      MAIL_QUEUE_PREFIX: office.prefix,
      MAIL_RETRY_SECONDS: '0.04,0.06,0.08,0.1',
      SMTP_TIMEOUT_SECONDS: '1',
      ...given,
    }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  const { promise: listening, resolve, reject } = Promise.withResolvers<number>()
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const port = /listening.*?"port":(\d+)|"port":(\d+).*?listening/.exec(output)
    if (port) resolve(Number(port[1] ?? port[2]))
  })
  const exited = once(child, 'exit').then(([code]: unknown[]) => {
    running.delete(child)
    reject(new Error(`the worker ended:\n${output}`))
    return code
  })
  return { child, port: await listening, exited, output: () => output }
}

async function ask(port: number, path: string): Promise<unknown> {
  return await (await fetch(`http://127.0.0.1:${port}${path}`)).json()
}
