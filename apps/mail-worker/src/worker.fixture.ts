import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisClient } from 'auth-kit/session'
import { type MailMessage, queues as namesOf, sealMail } from 'mail-contract'
import { createMailer } from 'mail-delivery'
import { connectQueues, listDead } from 'mail-delivery/queues'
import { createLogger, createMetrics } from 'service-kit'
import { startSmtp } from '../../../packages/mail-delivery/src/smtp/smtp-server.fixture.ts'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { startWorker } from './start-worker.ts'

export const secrets = ['a-secret-for-the-mails-of-these-tests-0123']
export const amqpUrl = process.env.AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'
const from = 'Latchkey <no-reply@login.example.com>'

/** Queues, records and an SMTP server for one test file, with workers. */
export async function openPostOffice({ delaysMs = [40, 60, 80, 100] } = {}) {
  const store = await testRedis()
  const { prefix } = store
  const names = namesOf(prefix, delaysMs)
  const smtp = await startSmtp()
  const lines: string[] = []
  const logger = createLogger({
    name: 'test',
    level: 'info',
    pretty: false,
    destination: { write: (line) => lines.push(line) },
  })
  const queues = connectQueues({ url: amqpUrl, names, onError: () => undefined })
  const closers: (() => Promise<unknown>)[] = []

  return {
    prefix,
    names,
    queues,
    smtp,
    redis: store.redis,
    redisUrl: store.url,
    log: () => lines.join(''),

    /** Starts a worker in this process. */
    async work({
      timeoutMs = 500,
      leaseMs = 2_000,
      redis = store.redis,
      url = amqpUrl,
    }: Work = {}) {
      const own = connectQueues({ url, names, onError: () => undefined })
      const { registry } = createMetrics()
      const worker = startWorker({
        queues: own,
        redis,
        mailer: createMailer({ smtpUrl: smtp.url, from, timeoutMs }),
        secrets,
        logger,
        registry,
        keyPrefix: prefix,
        leaseMs,
      })
      const close = async () => {
        await worker.close()
        await own.close()
      }
      closers.push(close)
      return { close, registry }
    },

    /** Queues an e-mail as the auth server does. */
    async post(message: MailMessage): Promise<void> {
      const body = Buffer.from(await sealMail(message, secrets))
      await queues.publish(names.mail, { id: message.id, body })
    },

    /** The e-mails that the SMTP server accepted, once there are `count`. */
    async caught(count: number) {
      await until(() => smtp.caught.length >= count, `${count} mails`)
      return smtp.caught
    },

    async dead(count: number) {
      const read = async () => (await listDead(queues, { secrets })).mails
      await until(async () => (await read()).length >= count, `${count} dead e-mails`)
      return await read()
    },

    /** Resolves when no e-mail is waiting or being sent. */
    async settled(): Promise<void> {
      const all = [names.mail, ...names.retries.map(({ name }) => name)]
      await until(async () => {
        const counts = await Promise.all(all.map(countIn))
        return counts.every((count) => count === 0)
      }, 'empty queues')
    },

    async stopWorkers(): Promise<void> {
      await Promise.all(closers.splice(0).map((close) => close()))
    },

    async close(): Promise<void> {
      await this.stopWorkers()
      const all = [names.mail, names.dead, ...names.retries.map(({ name }) => name)]
      for (const queue of all) await queues.connection.queueDelete({ queue })
      await queues.close()
      await smtp.close()
      await store.close()
    },
  }

  async function countIn(queue: string): Promise<number> {
    const { messageCount } = await queues.connection.queueDeclare({ queue, passive: true })
    return messageCount
  }
}

type Work = { timeoutMs?: number; leaseMs?: number; redis?: RedisClient; url?: string }

export type PostOffice = Awaited<ReturnType<typeof openPostOffice>>

export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = 8_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  // oxlint-disable-next-line no-await-in-loop -- polling
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`)
    // oxlint-disable-next-line no-await-in-loop -- polling
    await sleep(20)
  }
}
