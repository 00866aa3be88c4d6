import { z } from 'zod'
import { networkOf } from '../http/client-address.ts'
import { auditEventNames } from './audit-events.ts'

const text = z.string().trim().min(1).max(300)
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'Give a day such as 2026-11-21.')
  .transform((text) => new Date(text))

/** Which events are asked for; dates by themselves are midnight UTC. */
export const auditFilterInput = z.object({
  event: z.enum(auditEventNames).optional(),
  /** The id or the name of whom it was done to, or who did it. */
  subject: text.optional(),
  actor: text.optional(),
  /** An address, or a whole IPv6 network such as `2001:db8:1:2::/64`. */
  address: text.refine(networkOf, 'This is no network address.').optional(),
  /** From this moment on, and before that one. */
  from: moment.optional(),
  to: moment.optional(),
})

export type AuditFilter = z.output<typeof auditFilterInput>
