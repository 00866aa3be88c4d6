import type { EpochStamp } from './session-stamps.ts'

/**
 * A user's epoch. A new one starts when all sessions of the user end. Every session carries the `id` of
 * the epoch it started in, and is live only while the two are equal, so no clocks are compared. One
 * session of the previous epoch may be spared.
 */
export type Epoch = { id: string; spared: Member | null }

/** A session and the epoch that it carries. */
export type Member = { sessionId: string; epoch: string }

/** Whether a session is live in this epoch of the user. False for another user's session. */
export function isLiveIn(
  epoch: Epoch | null,
  userId: string,
  { id, carried }: { id: string; carried: EpochStamp | undefined },
): boolean {
  if (!epoch || carried?.userId !== userId) return false
  const isSpared = epoch.spared?.sessionId === id && epoch.spared.epoch === carried.id
  return carried.id === epoch.id || isSpared
}
