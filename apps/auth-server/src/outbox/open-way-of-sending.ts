import { queues, sealMail, type MailMessage } from 'mail-contract'
import { createMailer } from 'mail-delivery'
import type { Logger } from 'service-kit'
import type { Config } from '../config.ts'
import { connectBroker } from './connect-broker.ts'

/** How mails leave this server. */
export type WayOfSending = {
  /** Resolves when somebody else has taken over the mail for good. */
  send(message: MailMessage): Promise<void>
  close(): Promise<void>
}

type Options = {
  config: Pick<Config, 'amqpUrl' | 'smtpUrl' | 'mailFrom' | 'mailSecrets'>
  logger: Logger
  /** In front of the queues' names. */
  queuePrefix?: string
  /** Called when mails can be sent, again. */
  onReady?: () => void
}

/** Into RabbitMQ, sealed, where there is one; else by SMTP from here. */
export function openWayOfSending({ config, queuePrefix, ...options }: Options): WayOfSending {
  const { amqpUrl, smtpUrl, mailFrom, mailSecrets } = config
  if (amqpUrl === undefined) {
    const mailer = createMailer({ smtpUrl, from: mailFrom })
    return {
      send: (message) => mailer.deliver(message),
      close: async () => mailer.close(),
    }
  }
  const broker = connectBroker({ ...options, url: amqpUrl, queue: queues(queuePrefix).mail })
  return {
    send: async (message) =>
      broker.publish({ id: message.id, content: await sealMail(message, mailSecrets) }),
    close: () => broker.close(),
  }
}
