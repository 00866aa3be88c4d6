export type QueueNames = {
  /** Mails to be sent. */
  mail: string
  /** By try: where a mail waits before it is tried again. */
  retries: { name: string; delayMs: number }[]
  /** Mails nobody tries any more. */
  dead: string
}

/** How long a mail waits after its first, second, … failed try: so there is one try more. */
const usualDelaysMs = [10_000, 60_000, 600_000, 3_600_000]

/**
 * The names of the durable queues. The delay is part of a retry queue's name, because RabbitMQ does
 * not let a queue that exists be declared with another one.
 *
 * @param prefix in front of every name, for several systems (or tests) on one broker
 * @param delaysMs the same as `usualDelaysMs`, for a system that has others
 */
export function queues(prefix = '', delaysMs: readonly number[] = usualDelaysMs): QueueNames {
  return {
    mail: `${prefix}mail`,
    retries: delaysMs.map((delayMs) => ({ name: `${prefix}mail.retry.${delayMs}`, delayMs })),
    dead: `${prefix}mail.dead`,
  }
}
