import { openMail } from 'mail-contract'
import type { SyncMessage } from 'rabbitmq-client'
import { bytesOf } from './bytes-of.ts'
import type { MailQueues } from './connect-queues.ts'
import { readDead } from './read-dead.ts'

/** The fields of a dead e-mail that may be shown: never its link. */
export type DeadMail = {
  id: string | null
  /** Null if the e-mail cannot be decrypted. */
  kind: string | null
  to: string | null
  reason: string
  /** How often it was tried. */
  tries: number
  failedAt: string | null
}

/**
 * Lists the e-mails that could not be sent, oldest first and at most `limit`, with their total number.
 *
 * @throws DeadMailsHeld while someone else is reading them
 */
export async function listDead(
  queues: MailQueues,
  { secrets, limit }: { secrets: readonly string[]; limit?: number },
): Promise<{ mails: DeadMail[]; total: number }> {
  const mails: DeadMail[] = []
  const total = await readDead(
    queues,
    async (message) => void mails.push(await describe(message, secrets)),
    { limit },
  )
  return { mails, total }
}

async function describe(message: SyncMessage, secrets: readonly string[]): Promise<DeadMail> {
  const { messageId, headers = {} } = message
  const opened = await openMail(bytesOf(message).toString('utf8'), secrets).catch(() => null)
  return {
    id: messageId ?? null,
    kind: opened?.kind ?? null,
    to: opened?.to ?? null,
    reason: String(headers['reason'] ?? 'unknown'),
    tries: Number(headers['tries'] ?? 0),
    failedAt: headers['failed-at'] === undefined ? null : String(headers['failed-at']),
  }
}
