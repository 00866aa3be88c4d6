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

describe('when RabbitMQ goes down, the worker', () => {
  beforeEach(async () => void (proxy = await startTcpProxy({ url: amqpUrl })))

  it('does not send the e-mail in progress a second time (C30)', async () => {
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

  it('recovers on its own', async () => {
    await office.work({ url: through(amqpUrl) })
    await proxy.refuse()
    await office.post(mailOf('confirm'))
    await sleep(500)
    expect(office.smtp.caught).toHaveLength(0)
    await proxy.heal()
    await office.caught(1)
  })

  it('treats a missing confirm as a failure (C27)', async () => {
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

describe('publishing to a deleted queue', () => {
  beforeEach(async () => void (proxy = await startTcpProxy({ url: amqpUrl })))

  it('fails', async () => {
    const body = Buffer.from('x')
    const { mail } = namesOf(`${office.prefix}missing-`)
    await expect(office.queues.publish(mail, { id: 'x', body })).rejects.toThrow('does not exist')
  })
})

describe('when Redis goes down, the worker', () => {
  beforeEach(async () => void (proxy = await startTcpProxy({ url: office.redisUrl })))

  it('leaves e-mails in the queue, counts no try, and sends them afterwards', async () => {
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
    // `settled` resolves once the sent e-mail is recorded.
    await office.stopWorkers()
    const record = await office.redis.hgetall(`${office.prefix}mail-sent:${message.id}`)
    expect(record).toMatchObject({ sent: '1', tries: '1' })
    redis.disconnect()
  })

  it('records a sent e-mail before it acknowledges it, so that it is not sent again (C30)', async () => {
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
    // Longer than the claim holds, so that only the record holds the duplicate back.
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

  it('takes nothing from the queue until Redis is up', async () => {
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
