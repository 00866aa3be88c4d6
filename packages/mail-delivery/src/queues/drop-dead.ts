import type { MailQueues } from './connect-queues.ts'
import { readDead } from './read-dead.ts'

/**
 * Deletes dead e-mails for good: those with these ids, or all.
 *
 * @returns how many it deleted
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
