export type QueueNames = {
  /** E-mails to be sent. */
  mail: string
  /** One queue per failed try, in which an e-mail waits for the next try. */
  retries: { name: string; delayMs: number }[]
  /** E-mails that are not tried again. */
  dead: string
}

/** How long an e-mail waits after its first, second, … failed try. There is one more try than delays. */
const usualDelaysMs = [10_000, 60_000, 600_000, 3_600_000]

/**
 * The names of the durable queues. A retry queue's name contains its delay, because RabbitMQ does not
 * let an existing queue be declared with another delay.
 *
 * @param prefix precedes every name, so that several systems (or tests) can share a broker
 * @param delaysMs replaces the usual delays
 */
export function queues(prefix = '', delaysMs: readonly number[] = usualDelaysMs): QueueNames {
  return {
    mail: `${prefix}mail`,
    retries: delaysMs.map((delayMs) => ({ name: `${prefix}mail.retry.${delayMs}`, delayMs })),
    dead: `${prefix}mail.dead`,
  }
}
