import { randomBytes } from 'node:crypto'
import { queues, sealMail } from 'mail-contract'
import { connectQueues, readDead } from 'mail-delivery/queues'

const amqpUrl = process.env.AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'

/** Queues for one test, and e-mails in the dead-letter queue. */
export function openDeadMails(secret: string) {
  const prefix = `test-${randomBytes(6).toString('hex')}.`
  const broker = connectQueues({ url: amqpUrl, names: queues(prefix), onError: () => undefined })
  const { names } = broker

  return {
    /** The environment with which a server or a command uses these queues. */
    env: { MAIL_SECRETS: secret, MAIL_QUEUE_PREFIX: prefix, AMQP_URL: amqpUrl },
    names,

    /** Adds a dead e-mail, as the mail worker does. Returns its id. */
    async park(reason = 'no such mailbox'): Promise<string> {
      const id = randomBytes(6).toString('hex')
      const at = new Date().toISOString()
      const link = { url: 'https://login.test/reset?token=key', expiresAt: at }
      const message = {
        id,
        kind: 'reset' as const,
        to: 'ada@mail.test',
        locale: 'en',
        at,
        data: { siteName: 'Latchkey', link },
      }
      const body = Buffer.from(await sealMail(message, [secret]))
      const headers = { reason, tries: 5, 'failed-at': '2026-11-21T08:00:00.000Z' }
      await broker.publish(names.dead, { id, body, headers })
      return id
    },

    /** The number of messages in a queue. */
    async waiting(queue: string): Promise<number> {
      const channel = await broker.connection.acquire()
      const { messageCount } = await channel.queueDeclare({ queue, passive: true })
      await channel.close()
      return messageCount
    },

    /** Reads the dead e-mails like an operator at another server. Returns a function that ends it. */
    async hold(): Promise<() => Promise<void>> {
      const { promise: end, resolve } = Promise.withResolvers<void>()
      const begun = Promise.withResolvers<void>()
      const looked = readDead(broker, async () => {
        begun.resolve()
        await end
      })
      await begun.promise
      return async () => {
        resolve()
        await looked
      }
    },

    async empty(): Promise<void> {
      const channel = await broker.connection.acquire()
      for (const queue of [names.dead, names.mail]) await channel.queuePurge(queue)
      await channel.close()
    },

    async close(): Promise<void> {
      const channel = await broker.connection.acquire()
      for (const queue of [names.dead, names.mail, ...names.retries.map(({ name }) => name)])
        await channel.queueDelete({ queue })
      await channel.close()
      await broker.close()
    },
  }
}
