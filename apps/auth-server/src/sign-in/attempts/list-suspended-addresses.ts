import type { Suspensions } from './suspension.model.ts'

export type SuspendedAddress = {
  /** An IPv4 address or an IPv6 /64, as `liftSuspension` accepts it. */
  address: string
  since: Date
  until: Date
  /** Failed sign-ins that led to the block. */
  failures: number
  /** How many blocks in a row, including this one. */
  times: number
}

/** The addresses that are blocked now, newest first. */
export async function listSuspendedAddresses(
  suspensions: Suspensions,
  { limit = 200, now = new Date() }: { limit?: number; now?: Date } = {},
): Promise<SuspendedAddress[]> {
  const found = await suspensions
    .find({ until: { $gt: now } })
    .sort({ since: -1 })
    .limit(limit)
    .lean()
  return found.map(({ _id: address, ...suspension }) => ({ address, ...suspension }))
}
