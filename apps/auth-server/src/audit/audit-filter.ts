import { z } from 'zod'
import type { QueryFilter } from 'mongoose'
import { networkOf, normalizeAddress } from '../http/client-address.ts'
import { auditEventNames } from './audit-events.ts'
import type { AuditRecord } from './audit-record.model.ts'

const text = z.string().trim().min(1).max(300)
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'Give a day such as 2026-11-21.')
  .transform((text) => new Date(text))

/** Selects events. A date without a time is midnight UTC. */
export const auditFilterInput = z.object({
  event: z.enum(auditEventNames).optional(),
  /** The id or name of the user or thing concerned (`subject`), or of who did it (`actor`). */
  subject: text.optional(),
  actor: text.optional(),
  /** An address or an IPv6 network such as `2001:db8:1:2::/64`. */
  address: text.refine(networkOf, 'This is not a network address.').optional(),
  /** Includes `from`, excludes `to`. */
  from: moment.optional(),
  to: moment.optional(),
})

export type AuditFilter = z.output<typeof auditFilterInput>

/** The filter as a MongoDB condition. */
export function auditCondition({
  event,
  subject,
  actor,
  address,
  from,
  to,
}: AuditFilter): QueryFilter<AuditRecord> {
  const at = { ...(from && { $gte: from }), ...(to && { $lt: to }) }
  const all = [
    ...(event === undefined ? [] : [{ event: { $eq: event } }]),
    ...(subject === undefined ? [] : [either('subjectId', 'subjectName', subject)]),
    ...(actor === undefined ? [] : [either('actorId', 'actorName', actor)]),
    ...(address === undefined ? [] : [placed(address)]),
    ...(from || to ? [{ at }] : []),
  ]
  return all.length === 0 ? {} : { $and: all }
}

function either(id: string, name: string, value: string) {
  return { $or: [{ [id]: { $eq: value } }, { [name]: { $eq: value } }] }
}

/**
 * Events from an address, in any notation. An IPv4 address or a /64 also matches events about it, because
 * it may be blocked. A single IPv6 address matches only itself.
 */
function placed(given: string) {
  const address = normalizeAddress(given) ?? given
  const network = networkOf(given) ?? given
  return address === network || given.endsWith('/64')
    ? { $or: [{ network: { $eq: network } }, { subjectId: { $eq: network } }] }
    : { address: { $eq: address } }
}
