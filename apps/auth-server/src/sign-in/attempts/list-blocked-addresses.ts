import type { Blocks } from './block.model.ts'

export type BlockedAddress = {
  /** An IPv4 address or an IPv6 /64, as `liftBlock` accepts it. */
  address: string
  since: Date
  until: Date
  /** Failed sign-ins that led to the block. */
  failures: number
  /** How many blocks in a row, including this one. */
  times: number
}

/** The addresses that are blocked now, newest first. */
export async function listBlockedAddresses(
  blocks: Blocks,
  { limit = 200, now = new Date() }: { limit?: number; now?: Date } = {},
): Promise<BlockedAddress[]> {
  const found = await blocks
    .find({ until: { $gt: now } })
    .sort({ since: -1 })
    .limit(limit)
    .lean()
  return found.map(({ _id: address, ...block }) => ({ address, ...block }))
}
