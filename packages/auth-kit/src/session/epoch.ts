import type { EpochStamp } from './session-stamps.ts'

/**
 * The time between two ends of all sessions of a user. Every session carries the `id` of the epoch
 * that it began in, and is live only while the two are equal: no clock is compared. An end may have
 * spared one session of the epoch before.
 */
export type Epoch = { id: string; spared: Member | null }

/** A session and the epoch that it carries. */
export type Member = { sessionId: string; epoch: string }

/** Whether a session of the user is live in this epoch; none of another user's is. */
export function isLiveIn(
  epoch: Epoch | null,
  userId: string,
  { id, carried }: { id: string; carried: EpochStamp | undefined },
): boolean {
  if (!epoch || carried?.userId !== userId) return false
  const isSpared = epoch.spared?.sessionId === id && epoch.spared.epoch === carried.id
  return carried.id === epoch.id || isSpared
}
