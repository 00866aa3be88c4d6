import { queues, sealMail, type MailMessage } from 'mail-contract'
import { createMailer } from 'mail-delivery'
import { connectQueues, type MailQueues } from 'mail-delivery/queues'
import { logOutage, type Logger } from 'service-kit'
import type { Config } from '../config/config.ts'
import { TransportUnavailable } from './mail-errors.ts'

/** How e-mails leave this server. */
export type MailTransport = {
  /**
   * Resolves when somebody else has taken over the mail for good, and `record`, which takes it out of
   * the outbox, has resolved.
   *
   * @throws TransportUnavailable at once while there is no connection, else within 5 s (C27)
   */
  send(message: MailMessage, record: () => Promise<void>): Promise<void>
  /** Their queues; undefined if this server sends them itself. */
  queues?: MailQueues
  close(): Promise<void>
}

type Options = {
  config: Pick<Config, 'amqpUrl' | 'mailQueuePrefix' | 'smtpUrl' | 'mailFrom' | 'mailSecrets'>
  logger: Logger
  /** Called when e-mails can be sent (again). */
  onReady?: () => void
}

// Less than a mail's lease (`relay.ts`): no other server begins to send it while this one still does.
const SMTP_MS = 20_000

/** Publishes sealed e-mails to RabbitMQ if it is configured, otherwise sends them by SMTP. */
export function openMailTransport(options: Options): MailTransport {
  const { amqpUrl, smtpUrl, mailFrom } = options.config
  if (amqpUrl !== undefined) return throughQueue(amqpUrl, options)
  const mailer = createMailer({ smtpUrl, from: mailFrom, timeoutMs: SMTP_MS })
  return {
    send: (message, record) => mailer.deliver(message, record),
    close: async () => undefined,
  }
}

function throughQueue(url: string, { config, logger, onReady }: Options): MailTransport {
  const names = queues(config.mailQueuePrefix)
  const { onError } = logOutage(logger, 'RabbitMQ')
  const broker = connectQueues({ url: withHeartbeat(url), names, onError })
  broker.connection.on('connection.unblocked', () => onReady?.())
  broker.connection.on('connection', () => {
    logger.info('RabbitMQ is connected')
    onReady?.()
  })
  return {
    queues: broker,
    async send(message, record) {
      const body = Buffer.from(await sealMail(message, config.mailSecrets))
      try {
        await broker.checkReady()
        await broker.publish(names.mail, { id: message.id, body })
      } catch (error) {
        throw new TransportUnavailable('RabbitMQ has not taken a mail.', error)
      }
      await record()
    },
    close: () => broker.close(),
  }
}

// A connection counts as lost after two heartbeats of silence, and is made again within 10 s (F11).
function withHeartbeat(amqpUrl: string): string {
  const url = new URL(amqpUrl)
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', '4')
  return url.href
}
