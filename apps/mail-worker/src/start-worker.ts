import type { RedisClient } from 'auth-kit/session'
import type { Mailer } from 'mail-delivery'
import type { MailQueues } from 'mail-delivery/queues'
import { Counter, type Registry } from 'prom-client'
import type { Logger } from 'service-kit'
import { consumeMails } from './consume-mails.ts'
import { createMailRecords } from './mail-records.ts'
import { sendMail } from './send-mail.ts'

type WorkerDeps = {
  queues: MailQueues
  redis: RedisClient
  mailer: Mailer
  secrets: readonly string[]
  logger: Logger
  registry: Registry
  /** Precedes every key in Redis. */
  keyPrefix?: string
  leaseMs?: number
  concurrency?: number
}

/** Sends e-mails from the queue until `close`, which waits for those being sent. */
export function startWorker(deps: WorkerDeps): { close: () => Promise<void> } {
  const { queues, redis, mailer, secrets, logger, registry, keyPrefix, leaseMs, concurrency } = deps
  const records = createMailRecords({
    redis,
    ...(keyPrefix !== undefined && { prefix: keyPrefix }),
    ...(leaseMs !== undefined && { leaseMs }),
  })
  const mails = new Counter({
    name: 'mails_total',
    help: 'E-mails taken from the queue, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  })
  let consumer: { close: () => Promise<void> } | undefined
  function begin(): void {
    consumer = consumeMails({
      queues,
      logger,
      send: (delivery) => sendMail({ queues, records, mailer, secrets, logger }, delivery),
      onOutcome: (outcome) => mails.inc({ outcome }),
      ...(concurrency !== undefined && { concurrency }),
    })
  }
  // Starts once Redis is up: without it, no e-mail can be sent.
  if (redis.status === 'ready') begin()
  else redis.once('ready', begin)
  return {
    close: async () => {
      redis.off('ready', begin)
      await consumer?.close()
    },
  }
}
