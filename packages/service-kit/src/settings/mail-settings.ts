import { z } from 'zod'
import { connectionAddress } from './connection-address.ts'

/**
 * The settings of a server that handles e-mails, to spread into its own schema.
 *
 * @param options.required whether a queue, a mail server and a sender are required
 */
export function mailSettings({ required }: { required: boolean }) {
  const needed = <Type extends z.ZodType>(type: Type) => (required ? type : type.optional())
  return {
    AMQP_URL: needed(
      connectionAddress({ schemes: ['amqp', 'amqps'], example: 'amqp://host:5672' }),
    ),
    SMTP_URL: needed(connectionAddress({ schemes: ['smtp', 'smtps'], example: 'smtp://host:587' })),
    MAIL_FROM: needed(sender()),
    MAIL_QUEUE_PREFIX: z
      .string()
      .regex(/^[\w.:-]{1,50}$/, 'This must be letters, digits, dots, dashes and colons.')
      .optional(),
  }
}

// One address, with or without a name.
const address = String.raw`[^\s\p{C}@<>",;:]+@[^\s\p{C}@<>",;:]+`
const senderPattern = new RegExp(String.raw`^(?:[^\p{C}<>"]+ <${address}>|${address})$`, 'u')

function sender() {
  return z
    .string()
    .regex(senderPattern, 'This must be an address such as Latchkey <no-reply@example.com>.')
}
