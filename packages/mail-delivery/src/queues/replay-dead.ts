import { bytesOf } from './bytes-of.ts'
import type { MailQueues } from './connect-queues.ts'
import { readDead } from './read-dead.ts'

/**
 * Has dead e-mails tried again, starting with the first try: those with these ids, or all.
 *
 * @returns how many it replays
 */
export async function replayDead(
  queues: MailQueues,
  { ids }: { ids?: readonly string[] } = {},
): Promise<number> {
  let replayed = 0
  await readDead(queues, async (message, channel) => {
    const { messageId: id, deliveryTag } = message
    if (ids && !(id !== undefined && ids.includes(id))) return
    // In this order, a crash in between duplicates the e-mail and never loses it.
    await queues.publish(queues.names.mail, { id, body: bytesOf(message) })
    channel.basicAck({ deliveryTag })
    replayed += 1
  })
  return replayed
}
