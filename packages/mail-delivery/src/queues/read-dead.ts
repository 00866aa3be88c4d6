import type { Channel, SyncMessage } from 'rabbitmq-client'
import type { MailQueues } from './connect-queues.ts'
import { holdDead } from './hold-dead.ts'
import { queueDeclarations } from './queue-declarations.ts'

type Visit = (message: SyncMessage, channel: Channel) => Promise<void>

/**
 * Passes every dead e-mail to `visit` once, oldest first. Those that it does not acknowledge go back to
 * their place in the queue.
 *
 * @param options.limit the maximum number
 * @returns how many there are
 * @throws DeadMailsHeld while someone else is reading them
 */
export async function readDead(
  queues: MailQueues,
  visit: Visit,
  { limit = Number.POSITIVE_INFINITY }: { limit?: number | undefined } = {},
): Promise<number> {
  const { names } = queues
  return await holdDead(queues, async (channel) => {
    for (const declaration of queueDeclarations(names)) await channel.queueDeclare(declaration)
    const { messageCount } = await channel.queueDeclare({ queue: names.dead, passive: true })
    for (let seen = 0; seen < Math.min(messageCount, limit); seen += 1) {
      const message = await channel.basicGet(names.dead)
      if (!message) break
      await visit(message, channel)
    }
    return messageCount
  })
}
