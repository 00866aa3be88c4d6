import type { QueueNames } from 'mail-contract'

/** The declarations of all queues. They are durable, and retry queues return messages by themselves. */
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
