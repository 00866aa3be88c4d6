import type { MailQueues } from './connect-queues.ts'
import { queueDeclarations } from './queue-declarations.ts'

export type MailCounts = {
  /** Ready to be sent. */
  waiting: number
  /** Waiting for another try. */
  retried: number
  /** Not tried again. */
  dead: number
}

/** Counts the e-mails in the queues, without those that a worker is sending. */
export async function countMails({ connection, names }: MailQueues): Promise<MailCounts> {
  const channel = await connection.acquire()
  try {
    const counts = new Map<string, number>()
    for (const declaration of queueDeclarations(names)) {
      const { messageCount } = await channel.queueDeclare(declaration)
      counts.set(declaration.queue, messageCount)
    }
    const countIn = (queue: string) => counts.get(queue) ?? 0
    const retried = names.retries.reduce((sum, { name }) => sum + countIn(name), 0)
    return { waiting: countIn(names.mail), retried, dead: countIn(names.dead) }
  } finally {
    await channel.close()
  }
}
