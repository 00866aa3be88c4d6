import type { QueryFilter } from 'mongoose'
import { networkOf, normalizeAddress } from '../http/client-address.ts'
import type { AuditFilter } from './audit-filter.ts'
import type { AuditRecord } from './audit-record.model.ts'

/** The filter as MongoDB takes it. */
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
 * Events from an address, in whatever form it is given. A /64 and an IPv4 address also match events
 * about them: both may be suspended. A single IPv6 address matches itself alone.
 */
function placed(given: string) {
  const address = normalizeAddress(given) ?? given
  const network = networkOf(given) ?? given
  return address === network || given.endsWith('/64')
    ? { $or: [{ network: { $eq: network } }, { subjectId: { $eq: network } }] }
    : { address: { $eq: address } }
}
