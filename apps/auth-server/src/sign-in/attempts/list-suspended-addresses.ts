import type { Suspensions } from './suspension.model.ts'

export type SuspendedAddress = {
  /** What `liftSuspension` takes: an IPv4 address, or the /64 of an IPv6 one. */
  address: string
  since: Date
  until: Date
  /** Failed sign-ins that led to it. */
  failures: number
  /** How many suspensions in a row, this one included. */
  times: number
}

/** The addresses suspended at this moment, the newest first. */
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
