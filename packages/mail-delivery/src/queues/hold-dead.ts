import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, Connection } from 'rabbitmq-client'
import type { MailQueues } from './connect-queues.ts'

const PATIENCE_MS = 2_000
const PAUSE_MS = 100

/** The dead e-mails are still being read by someone else after two seconds. */
export class DeadMailsHeld extends Error {
  readonly code = 'dead_mails_held'

  constructor() {
    super('Someone else is reading the dead e-mails. Please try again.')
    this.name = 'DeadMailsHeld'
  }
}

/** The connections over which this process is reading them. */
const held = new WeakSet<Connection>()

/**
 * Gives one reader at a time access to the dead e-mails, across all servers: reading takes them out of
 * the queue, so a second reader would find nothing. An exclusive queue marks the turn. It disappears
 * with its connection, even if the process is killed.
 *
 * @throws DeadMailsHeld if another turn takes longer than two seconds
 */
export async function holdDead<Result>(
  queues: MailQueues,
  work: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS
  let channel = await take(queues)
  while (!channel) {
    if (Date.now() >= deadline) throw new DeadMailsHeld()
    // oxlint-disable-next-line no-await-in-loop
    await sleep(PAUSE_MS)
    // oxlint-disable-next-line no-await-in-loop
    channel = await take(queues)
  }
  try {
    return await work(channel)
  } finally {
    await letGo(queues, channel)
  }
}

async function take({ connection, names }: MailQueues): Promise<Channel | undefined> {
  if (held.has(connection)) return undefined
  held.add(connection)
  let channel: Channel | undefined
  try {
    channel = await connection.acquire()
    // If the deletion fails, the queue expires.
    const ending = { arguments: { 'x-expires': 60_000 } }
    await channel.queueDeclare({ queue: turnOf(names), exclusive: true, ...ending })
    return channel
  } catch (error) {
    held.delete(connection)
    await channel?.close().catch(() => undefined)
    if (isLocked(error)) return undefined
    throw error
  }
}

async function letGo({ connection, names }: MailQueues, channel: Channel): Promise<void> {
  // A broken channel has already returned its messages, and the turn ends on its own.
  await channel.queueDelete({ queue: turnOf(names) }).catch(() => undefined)
  await channel.close().catch(() => undefined)
  held.delete(connection)
}

function turnOf({ dead }: MailQueues['names']): string {
  return `${dead}.turn`
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'RESOURCE_LOCKED'
}
