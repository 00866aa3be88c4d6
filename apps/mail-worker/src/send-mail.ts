import { type MailMessage, openMail, UnreadableMail } from 'mail-contract'
import { MailError, type Mailer } from 'mail-delivery'
import type { MailQueues } from 'mail-delivery/queues'
import type { Logger } from 'service-kit'
import type { MailRecords } from './mail-records.ts'
import { recordSent } from './record-sent.ts'

/** What can happen to an e-mail that was taken from the queue. */
export type Outcome = 'sent' | 'duplicate' | 'postponed' | 'retried' | 'dead'

export type Delivery = { messageId: string | undefined; body: Buffer }

export type SendDeps = {
  queues: Pick<MailQueues, 'names' | 'publish'>
  records: MailRecords
  mailer: Mailer
  secrets: readonly string[]
  logger: Logger
}

/**
 * Sends one e-mail from the queue, or moves it to the queue in which it has to wait. Once this resolves,
 * the delivery may be acknowledged: the e-mail is sent or is in another queue.
 *
 * @throws Error if Redis or RabbitMQ is down. The e-mail then stays in its queue.
 */
export async function sendMail(deps: SendDeps, delivery: Delivery): Promise<Outcome> {
  const { records, secrets } = deps
  const message = await readMail(delivery, secrets)
  if (message instanceof UnreadableMail)
    return await park(deps, delivery, { id: delivery.messageId, reason: message.message, tries: 0 })

  const { id } = message
  const claim = await records.claim(id)
  if (claim.state === 'sent') return 'duplicate'
  if (claim.state === 'busy') return await postpone(deps, delivery, id)
  const { tries, token } = claim
  // The worker died in every allowed try.
  if (tries > mostTries(deps))
    return await park(deps, delivery, { id, tries, reason: 'no tries left' })
  // It may have waited for hours, here or among the dead.
  if (hasExpired(message))
    return await park(deps, delivery, { id, tries, reason: 'its link has expired' })

  const failure = await tryToSend(deps, message)
  if (failure === undefined) return 'sent'
  const { temporary, reason } = failure
  const wait = deps.queues.names.retries[tries - 1]
  if (!temporary || wait === undefined) return await park(deps, delivery, { id, tries, reason })
  deps.logger.warn({ mail: id, kind: message.kind, tries, reason }, 'not sent, will be tried again')
  await deps.queues.publish(wait.name, { id, body: delivery.body })
  await records.release(id, token)
  return 'retried'
}

function mostTries({ queues }: SendDeps): number {
  return queues.names.retries.length + 1
}

async function readMail({ body }: Delivery, secrets: readonly string[]) {
  try {
    return await openMail(body.toString('utf8'), secrets)
  } catch (error) {
    if (error instanceof UnreadableMail) return error
    throw error
  }
}

function hasExpired({ data }: MailMessage): boolean {
  return 'link' in data && Date.parse(data.link.expiresAt) <= Date.now()
}

type Failure = Pick<MailError, 'temporary' | 'reason'>

async function tryToSend(deps: SendDeps, message: MailMessage): Promise<Failure | undefined> {
  const { mailer, records, logger } = deps
  const { id, kind } = message
  // The e-mail is out: this delivery is done even if the record fails.
  const record = () =>
    recordSent(records, id).catch((error: unknown) => {
      logger.error({ err: error, mail: id }, 'sent, but not recorded')
    })
  try {
    await mailer.deliver(message, record)
  } catch (error) {
    if (error instanceof MailError) return error
    logger.error({ err: error, mail: id, kind }, 'an e-mail could not be rendered')
    return { temporary: false, reason: 'an error in the mail worker; see its log' }
  }
  logger.info({ mail: id, kind }, 'sent')
  return undefined
}

async function postpone({ queues }: SendDeps, { body }: Delivery, id: string): Promise<Outcome> {
  const queue = queues.names.retries[0]?.name ?? queues.names.mail
  await queues.publish(queue, { id, body })
  return 'postponed'
}

type Ending = { id: string | undefined; reason: string; tries: number }

async function park(
  { queues, records, logger }: SendDeps,
  { body }: Delivery,
  { id, reason, tries }: Ending,
): Promise<Outcome> {
  const headers = { reason, tries, 'failed-at': new Date().toISOString() }
  await queues.publish(queues.names.dead, { id, body, headers })
  if (id !== undefined && tries > 0) await records.forget(id)
  logger.error({ mail: id, tries, reason }, 'given up')
  return 'dead'
}
