import type { QueueNames } from 'mail-contract'

/** What the broker is told of every queue: all durable, and those for waiting hand back by themselves. */
export function queueDeclarations({ mail, retries, dead }: QueueNames) {
  return [
    { queue: mail, durable: true },
    { queue: dead, durable: true },
    ...retries.map(({ name, delayMs }) => ({
      queue: name,
      durable: true,
      arguments: {
        'x-message-ttl': delayMs,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': mail,
      },
    })),
  ]
}
