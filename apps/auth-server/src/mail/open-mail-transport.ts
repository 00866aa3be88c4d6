import { queues, sealMail, type MailMessage } from 'mail-contract'
import { createMailer } from 'mail-delivery'
import { connectQueues, type MailQueues } from 'mail-delivery/queues'
import { logOutage, type Logger } from 'service-kit'
import type { Config } from '../config/config.ts'
import { TransportUnavailable } from './mail-errors.ts'

/** How e-mails leave this server. */
export type MailTransport = {
  /**
   * Resolves once the queue or the SMTP server has accepted the e-mail and `record`, which removes
   * it from the outbox, has resolved.
   *
   * @throws TransportUnavailable at once while there is no connection, otherwise within 5 s (C27)
   */
  send(message: MailMessage, record: () => Promise<void>): Promise<void>
  /** The RabbitMQ queues; undefined if this server sends e-mails itself. */
  queues?: MailQueues
  close(): Promise<void>
}

type Options = {
  config: Pick<Config, 'amqpUrl' | 'mailQueuePrefix' | 'smtpUrl' | 'mailFrom' | 'mailSecrets'> &
    Partial<Pick<Config, 'brand'>>
  logger: Logger
  /** Called when e-mails can be sent (again). */
  onReady?: () => void
}

// Shorter than an e-mail's lease (`relay.ts`), so that no two servers send it at the same time.
const SMTP_MS = 20_000

/** Publishes sealed e-mails to RabbitMQ if it is configured, otherwise sends them by SMTP. */
export function openMailTransport(options: Options): MailTransport {
  const { amqpUrl, smtpUrl, mailFrom, brand } = options.config
  if (amqpUrl !== undefined) return throughQueue(amqpUrl, options)
  const mailer = createMailer({
    smtpUrl,
    from: mailFrom,
    timeoutMs: SMTP_MS,
    ...(brand && { brand }),
  })
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
        throw new TransportUnavailable('RabbitMQ did not accept an e-mail.', error)
      }
      await record()
    },
    close: () => broker.close(),
  }
}

// Two missed heartbeats end the connection, so that it is back within 10 s of the broker (F11).
function withHeartbeat(amqpUrl: string): string {
  const url = new URL(amqpUrl)
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', '4')
  return url.href
}
