import type { MailQueues } from './connect-queues.ts'
import { queueDeclarations } from './queue-declarations.ts'

export type MailCounts = {
  /** To be sent now. */
  waiting: number
  /** Refused before, and tried again later. */
  retried: number
  /** Those nobody tries any more. */
  dead: number
}

/** How many mails lie in the queues; what a worker has in hand is not counted. */
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
