import { setTimeout as sleep } from 'node:timers/promises'
import { bytesOf, ConsumerStatus, type MailQueues } from 'mail-delivery/queues'
import type { Logger } from 'service-kit'
import type { Delivery, Outcome } from './send-mail.ts'

type ConsumeOptions = {
  queues: MailQueues
  send: (delivery: Delivery) => Promise<Outcome>
  logger: Logger
  onOutcome: (outcome: Outcome) => void
  /** How many e-mails are sent in parallel, so that stalled ones hold up no others. */
  concurrency?: number
}

// While Redis or RabbitMQ is down, every e-mail fails at once. This keeps the retries slow.
const pauseMs = 1_000

/** Takes e-mails from the queue until `close`, which waits for those being sent. */
export function consumeMails(options: ConsumeOptions): { close: () => Promise<void> } {
  const { queues, send, logger, onOutcome, concurrency = 20 } = options
  const consumer = queues.connection.createConsumer(
    {
      queue: queues.names.mail,
      queueOptions: { durable: true },
      qos: { prefetchCount: concurrency },
      concurrency,
    },
    async (message) => {
      try {
        onOutcome(await send({ messageId: message.messageId, body: bytesOf(message) }))
        return ConsumerStatus.ACK
      } catch (error) {
        logger.warn({ err: error, mail: message.messageId }, 'left in the queue')
        await sleep(pauseMs)
        return ConsumerStatus.REQUEUE
      }
    },
  )
  consumer.on('error', (error) => logger.warn({ err: error }, 'RabbitMQ'))
  return { close: () => consumer.close() }
}
