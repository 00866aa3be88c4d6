import { queues } from '../packages/mail-contract/src/queues-and-delays.ts'
import { Connection } from 'rabbitmq-client'
import { countQueued } from './count-queued.ts'
import type { System } from './start-system.ts'
import { waitUntil } from './wait-until.ts'

// No count includes an e-mail that the worker is sending, for as long as SMTP may take.
const HELD_MS = 2_500

/** Waits until no e-mail is in transit: outboxes and queues are empty, and stay so. */
export async function untilCalm(system: System): Promise<void> {
  const connection = new Connection(system.amqpUrl)
  connection.on('error', () => undefined)
  const { mail, retries } = queues('', system.retryMs)
  const names = [mail, ...retries.map(({ name }) => name)]
  let emptySince: number | undefined

  async function isCalm(): Promise<boolean> {
    const declared = names.map((queue) => connection.queueDeclare({ queue, passive: true }))
    const counts = (await Promise.all(declared)).map(({ messageCount }) => messageCount)
    const isEmpty = [...counts, await countQueued(system)].every((count) => count === 0)
    emptySince = isEmpty ? (emptySince ?? performance.now()) : undefined
    return emptySince !== undefined && performance.now() - emptySince > HELD_MS
  }

  try {
    // The queues are declared only once RabbitMQ is up again.
    await waitUntil(() => isCalm().catch(() => false), 60_000)
  } finally {
    await connection.close()
  }
}
