import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, Connection } from 'rabbitmq-client'
import type { MailQueues } from './connect-queues.ts'

const PATIENCE_MS = 2_000
const PAUSE_MS = 100

/** Somebody else looks at the dead mails for longer than anybody waits here. */
export class DeadMailsHeld extends Error {
  readonly code = 'dead_mails_held'

  constructor() {
    super('Somebody else looks at the dead mails at this moment. Please try again.')
    this.name = 'DeadMailsHeld'
  }
}

/** The connections that somebody in this process looks at them by. */
const held = new WeakSet<Connection>()

/**
 * Lets one at a time look at the dead mails, over all servers: who reads them has them in hand, and
 * anybody else would find none. A queue that belongs to one connection alone says whose turn it is; it
 * goes with that connection, whatever becomes of its process.
 *
 * @throws DeadMailsHeld where somebody else's turn takes longer than two seconds
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
    // Where nobody could remove it, it removes itself.
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
  // A channel that broke took what it had in hand back; the turn then ends by itself.
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
