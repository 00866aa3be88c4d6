import type { MailQueues } from './connect-queues.ts'
import { readDead } from './read-dead.ts'

/**
 * Throws dead mails away for good: those with these ids, or all.
 *
 * @returns how many there were
 */
export async function dropDead(
  queues: MailQueues,
  { ids }: { ids?: readonly string[] } = {},
): Promise<number> {
  let dropped = 0
  await readDead(queues, async ({ messageId: id, deliveryTag }, channel) => {
    if (ids && !(id !== undefined && ids.includes(id))) return
    channel.basicAck({ deliveryTag })
    dropped += 1
  })
  return dropped
}
