import type { Channel, SyncMessage } from 'rabbitmq-client'
import type { MailQueues } from './connect-queues.ts'
import { queueDeclarations } from './queue-declarations.ts'

type Visit = (message: SyncMessage, channel: Channel) => Promise<void>

/**
 * Shows every dead mail once to `visit`, oldest first. What it does not acknowledge lies in the
 * queue again afterwards, where it lay before.
 */
export async function readDead({ connection, names }: MailQueues, visit: Visit): Promise<void> {
  const channel = await connection.acquire()
  try {
    for (const declaration of queueDeclarations(names)) await channel.queueDeclare(declaration)
    const { messageCount } = await channel.queueDeclare({ queue: names.dead, passive: true })
    for (let seen = 0; seen < messageCount; seen += 1) {
      const message = await channel.basicGet(names.dead)
      if (!message) return
      await visit(message, channel)
    }
  } finally {
    await channel.close()
  }
}
