import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRedis } from 'auth-kit/session'
import { queues as namesOf } from 'mail-contract'
import { connectQueues } from 'mail-delivery/queues'
import { mailOf } from '../../../packages/mail-delivery/src/mail.fixture.ts'
import { startTcpProxy, type TcpProxy } from '../../../tools/testing/tcp-proxy.ts'
import { amqpUrl, openPostOffice, type PostOffice, until } from './worker.fixture.ts'

let office: PostOffice
let proxy: TcpProxy

beforeAll(async () => void (office = await openPostOffice()))
beforeEach(() => {
  office.smtp.caught.length = 0
  office.smtp.attempts.clear()
  office.smtp.follow(() => 'accept')
})
afterEach(async () => {
  await proxy.heal()
  await office.stopWorkers()
  await proxy.stop()
})
afterAll(() => office.close())

function through(url: string): string {
  const behind = new URL(url)
  behind.host = `127.0.0.1:${proxy.port}`
  return behind.href
}

describe('RabbitMQ goes away', () => {
  beforeEach(async () => void (proxy = await startTcpProxy({ url: amqpUrl })))

  it('while a mail is being sent: it is not sent a second time (C30)', async () => {
    office.smtp.follow(async () => {
      proxy.cut()
      await sleep(100)
      return 'accept' as const
    })
    await office.work({ url: through(amqpUrl) })
    await office.post(mailOf('confirm'))
    await office.caught(1)
    office.smtp.follow(() => 'accept')
    await office.settled()
    await office.post(mailOf('reset'))
    await office.caught(2)
    await sleep(200)
    expect(office.smtp.caught.map(({ mail }) => mail.subject)).toEqual([
      'Confirm your account at Latchkey',
      'Set a new password at Latchkey',
    ])
  })

  it('for a while: the worker is back without help', async () => {
    await office.work({ url: through(amqpUrl) })
    await proxy.refuse()
    await office.post(mailOf('confirm'))
    await sleep(500)
    expect(office.smtp.caught).toHaveLength(0)
    await proxy.heal()
    await office.caught(1)
  })

  it('without a word: a confirm that does not come is a failure (C27)', async () => {
    const queues = connectQueues({
      url: through(amqpUrl),
      names: office.names,
      onError: () => undefined,
      deadlineMs: 300,
    })
    await queues.publish(office.names.dead, { id: 'one', body: Buffer.from('x') })
    proxy.hold()
    const started = performance.now()
    const late = queues.publish(office.names.dead, { id: 'two', body: Buffer.from('x') })
    await expect(late).rejects.toThrow('no confirm in time')
    expect(performance.now() - started).toBeLessThan(1_000)
    await proxy.heal()
    await queues.close()
  })
})

describe('a queue that is gone', () => {
  beforeEach(async () => void (proxy = await startTcpProxy({ url: amqpUrl })))

  it('is told to whoever publishes to it', async () => {
    const body = Buffer.from('x')
    const { mail } = namesOf(`${office.prefix}missing-`)
    await expect(office.queues.publish(mail, { id: 'x', body })).rejects.toThrow('does not exist')
  })
})

describe('Redis goes away', () => {
  beforeEach(async () => void (proxy = await startTcpProxy({ url: office.redisUrl })))

  it('for a while: mails stay in the queue, no try is counted, and they go out after', async () => {
    const redis = openRedis(through(office.redisUrl), () => undefined)
    await office.work({ redis })
    await office.post(mailOf('confirm'))
    await office.caught(1)
    await proxy.refuse()
    const message = mailOf('reset')
    await office.post(message)
    await sleep(1_500)
    expect(office.smtp.caught).toHaveLength(1)
    await proxy.heal()
    await office.caught(2)
    // Which ends once what was sent is recorded.
    await office.stopWorkers()
    const record = await office.redis.hgetall(`${office.prefix}mail-sent:${message.id}`)
    expect(record).toMatchObject({ sent: '1', tries: '1' })
    redis.disconnect()
  })

  it('after a mail went out: it is recorded before it is done, so that the same is not sent again (C30)', async () => {
    const redis = openRedis(through(office.redisUrl), () => undefined)
    office.smtp.follow(async () => {
      await proxy.refuse()
      return 'accept' as const
    })
    await office.work({ redis, leaseMs: 300 })
    const message = mailOf('confirm')
    await office.post(message)
    await office.caught(1)
    office.smtp.follow(() => 'accept')
    // Longer than its claim holds: then it is the record alone that keeps the same mail back.
    await sleep(1_000)
    await proxy.heal()
    const key = `${office.prefix}mail-sent:${message.id}`
    await until(async () => (await office.redis.hget(key, 'sent')) === '1', 'the record')
    await office.post(message)
    await office.settled()
    await office.stopWorkers()
    expect(office.smtp.caught).toHaveLength(1)
    redis.disconnect()
  })

  it('from the start: nothing is taken from the queue until it is there', async () => {
    await proxy.refuse()
    const redis = openRedis(through(office.redisUrl), () => undefined)
    await office.work({ redis })
    await office.post(mailOf('confirm'))
    await sleep(300)
    expect(office.smtp.caught).toHaveLength(0)
    await proxy.heal()
    await office.caught(1)
    await office.stopWorkers()
    redis.disconnect()
  })
})
