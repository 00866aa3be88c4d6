import { Connection } from 'rabbitmq-client'
import type { Logger } from 'service-kit'
import { WayBlocked } from './way-blocked.ts'

export type Broker = {
  /**
   * Puts `content` into the queue, `id` as its `messageId`; resolves when the broker has it for
   * good.
   *
   * @throws WayBlocked when it has not, or did not say so in time
   */
  publish(parcel: { id: string; content: string }): Promise<void>
  close(): Promise<void>
}

// Two silent heartbeats are a lost connection; it is made again within a few seconds (F11).
const connecting = { heartbeat: 4, connectionTimeout: 3_000, retryLow: 500, retryHigh: 2_000 }
const goodbyeMs = 1_000

/**
 * A connection to RabbitMQ that connects again by itself for as long as it takes. While there is
 * none, or the broker takes nothing, publishing fails at once.
 *
 * @param options.onReady called when parcels can be sent, again
 * @param options.deadlineMs when a confirm that has not come counts as none (C27)
 */
export function connectBroker(options: {
  url: string
  queue: string
  logger: Logger
  onReady?: () => void
  deadlineMs?: number
}): Broker {
  const { url, queue, logger, onReady, deadlineMs = 5_000 } = options
  const rabbit = new Connection({ url, ...connecting })
  rabbit.on('error', (error) => logger.warn({ err: error }, 'RabbitMQ cannot be reached'))
  rabbit.on('connection.blocked', (reason) => logger.warn({ reason }, 'RabbitMQ takes no mails'))
  rabbit.on('connection.unblocked', () => onReady?.())
  rabbit.on('connection', () => {
    logger.info('RabbitMQ is connected')
    onReady?.()
  })
  const publisher = rabbit.createPublisher({ confirm: true })
  const returned = new Set<unknown>()
  publisher.on('basic.return', ({ messageId }) => returned.add(messageId))

  return {
    async publish({ id, content }) {
      if (!rabbit.ready) throw new WayBlocked('RabbitMQ cannot be reached.')
      const envelope = {
        routingKey: queue,
        durable: true,
        // A queue that is not there would be confirmed too: this way the parcel comes back first.
        mandatory: true,
        messageId: id,
        contentType: 'application/jose',
      }
      await inTime(publisher.send(envelope, Buffer.from(content)), deadlineMs).catch((error) => {
        throw new WayBlocked('RabbitMQ did not confirm a mail.', error)
      })
      if (returned.delete(id)) throw new WayBlocked(`RabbitMQ has no queue ${queue}.`)
    },
    async close() {
      const closing = publisher.close().then(() => rabbit.close())
      await inTime(closing, goodbyeMs).catch(() => rabbit.unsafeDestroy())
    },
  }
}

async function inTime<Result>(promise: Promise<Result>, deadlineMs: number): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), deadlineMs)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
