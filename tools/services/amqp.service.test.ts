import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Connection } from 'rabbitmq-client'
import { amqpService } from './amqp.service.ts'
import { type OwnInstance, startOwnRabbit, startOwnRedis } from './own-instances.ts'

jest.setTimeout(60_000)

describe('our own RabbitMQ', () => {
  let rabbit: OwnInstance
  let connection: Connection
  beforeAll(async () => {
    rabbit = await startOwnRabbit()
    connection = new Connection({ url: rabbit.url, retryLow: 100, retryHigh: 500 })
    connection.on('error', () => undefined)
    await connection.queueDeclare({ queue: 'kept', durable: true })
    // RabbitMQ stores the queue a moment after it has confirmed it.
    await sleep(1_000)
  })
  afterAll(async () => {
    await connection.close()
    await rabbit.stop()
  })

  it('is recognised by its greeting and its account', async () => {
    expect(await amqpService.answers('127.0.0.1', rabbit.port)).toBe(true)
  })

  it('keeps what it confirmed if it is killed', async () => {
    const publisher = connection.createPublisher({ confirm: true })
    await publisher.send({ routingKey: 'kept', durable: true }, 'a message')
    await rabbit.kill()
    expect(await amqpService.answers('127.0.0.1', rabbit.port)).toBe(false)
    await rabbit.restart()
    const kept = await connection.queueDeclare({ queue: 'kept', passive: true })
    expect(kept.messageCount).toBe(1)
  })

  it('does not answer while it is paused', async () => {
    rabbit.pause()
    // Lets through what was in transit when the signal arrived.
    await sleep(100)
    expect(await amqpService.answers('127.0.0.1', rabbit.port)).toBe(false)
    rabbit.resume()
    expect(await amqpService.answers('127.0.0.1', rabbit.port)).toBe(true)
  })
})

describe('another server', () => {
  it('is not mistaken for RabbitMQ', async () => {
    const redis = await startOwnRedis()
    expect(await amqpService.answers('127.0.0.1', redis.port)).toBe(false)
    await redis.stop()
  })
})
