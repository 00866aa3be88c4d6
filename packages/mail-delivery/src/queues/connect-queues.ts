import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { QueueNames } from 'mail-contract'
import { Connection } from 'rabbitmq-client'
import { queueDeclarations } from './queue-declarations.ts'

export type Parcel = {
  id: string | undefined
  body: Buffer
  headers?: Record<string, string | number>
}

export type MailQueues = {
  names: QueueNames
  connection: Connection
  /**
   * Resolves when the broker has confirmed the e-mail.
   *
   * @throws Error if it does not within the deadline (C27). The e-mail may be in the queue all the same.
   */
  publish: (queue: string, parcel: Parcel) => Promise<void>
  /** Rejects while there is no connection. */
  checkReady: () => Promise<void>
  close: () => Promise<void>
}

type QueueOptions = {
  /** `amqp://user:password@host:5672/vhost` or `amqps://`. */
  url: string
  names: QueueNames
  /** Called for every lost connection and every failed attempt to reconnect. Attempts never stop. */
  onError: (error: Error) => void
  /** Milliseconds that the broker may take to confirm. */
  deadlineMs?: number
}

/** Connects to the e-mail queues of a broker and declares those that are missing. */
export function connectQueues(options: QueueOptions): MailQueues {
  const { url, names, onError, deadlineMs = 5_000 } = options
  const connection = new Connection({
    url,
    connectionName: 'mail',
    heartbeat: 10,
    acquireTimeout: deadlineMs,
    connectionTimeout: deadlineMs,
    retryLow: 250,
    retryHigh: 2_000,
  })
  connection.on('error', onError)
  const publisher = connection.createPublisher({ confirm: true, queues: queueDeclarations(names) })
  const returned = new Set<unknown>()
  publisher.on('basic.return', ({ correlationId }) => returned.add(correlationId))

  async function publish(queue: string, { id, body, headers = {} }: Parcel): Promise<void> {
    const correlationId = randomUUID()
    const envelope = {
      routingKey: queue,
      durable: true,
      // Otherwise the broker confirms messages that it drops because the queue is gone.
      mandatory: true,
      correlationId,
      contentType: 'application/jose',
      headers,
      ...(id !== undefined && { messageId: id }),
    }
    await withinDeadline(publisher.send(envelope, body), deadlineMs)
    // The client reports a returned message one turn after its confirm.
    await nextTurn()
    if (returned.delete(correlationId)) throw new Error(`the queue ${queue} does not exist`)
  }

  return {
    names,
    connection,
    publish,
    checkReady: async () => {
      if (!connection.ready) throw new Error('RabbitMQ is down')
    },
    close: async () => {
      const closed = publisher.close().then(() => connection.close())
      // A stopped broker never answers the close.
      await withinDeadline(closed, deadlineMs).catch(() => connection.unsafeDestroy())
    },
  }
}

// A stopped broker confirms nothing, and the client would wait forever.
async function withinDeadline(confirmed: Promise<void>, deadlineMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no confirm in time')), deadlineMs)
  try {
    await Promise.race([confirmed, late])
  } finally {
    clearTimeout(timer)
    confirmed.catch(() => undefined)
  }
}
