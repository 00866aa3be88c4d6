import type { SessionData } from 'express-session'

const DAY_MS = 86_400_000

/** When a session ends if it is not used again: idle or at its absolute limit, what comes first. */
export function sessionEnd(
  { lastUsedAt = Date.now(), startedAt = Date.now() }: SessionData,
  limits: { sessionIdleDays: number; sessionAbsoluteDays: number },
): Date {
  const idleEnd = lastUsedAt + limits.sessionIdleDays * DAY_MS
  return new Date(Math.min(idleEnd, startedAt + limits.sessionAbsoluteDays * DAY_MS))
}
