import type { Lifetime } from './session-cache.ts'
import { userOf, type SessionContent } from './session-content.ts'
import { stampsOf } from './session-stamps.ts'

/** A session is renewed at most once a minute, not with every request. */
const NOTE_USE_EVERY_MS = 60_000

export type SessionLimits = {
  /** Whole ms after which an unused session ends. */
  idleMs: number
  /** Whole ms after which any session ends. */
  absoluteMs: number
  /** Whole ms after which an unused session without a user ends. Defaults to `idleMs`. */
  visitorMs?: number
}

/** @throws TypeError if a limit is not a whole number of milliseconds, since Redis accepts no fractions */
export function checkLimits({ idleMs, absoluteMs, visitorMs = idleMs }: SessionLimits): void {
  for (const [name, ms] of Object.entries({ idleMs, absoluteMs, visitorMs })) {
    if (!(Number.isSafeInteger(ms) && ms > 0)) {
      throw new TypeError(`limits: ${name} must be a whole number of milliseconds, more than 0`)
    }
  }
}

/** When a session ends if it is not used again, ms since 1970. */
export function endOf(session: SessionContent, limits: SessionLimits): number {
  const { lastUsedAt = Date.now() } = stampsOf(session)
  return Math.min(lastUsedAt + idleMsOf(session, limits), absoluteEndOf(session, limits))
}

/** When a session ends at the latest, ms since 1970. */
export function absoluteEndOf(session: SessionContent, { absoluteMs }: SessionLimits): number {
  const { startedAt = Date.now() } = stampsOf(session)
  return startedAt + absoluteMs
}

/** How long to store a session if it is not used again. */
export function lifetimeOf(session: SessionContent, limits: SessionLimits): Lifetime {
  const endsAt = absoluteEndOf(session, limits)
  return { idleMs: idleMsOf(session, limits), endsAt, isVisitor: !userOf(session) }
}

/**
 * Visitors' sessions live shorter, because anyone can start any number of them. An app can shorten a
 * session with `cookie.maxAge`, which the server enforces, too.
 */
function idleMsOf(session: SessionContent, { idleMs, visitorMs = idleMs }: SessionLimits): number {
  const longest = userOf(session) ? idleMs : visitorMs
  const age = session.cookie?.originalMaxAge
  return typeof age === 'number' ? Math.max(1, Math.min(Math.floor(age), longest)) : longest
}

/** When a session is due to be renewed, ms since 1970. */
export function useDueAt(session: SessionContent, limits: SessionLimits): number {
  const { lastUsedAt = 0 } = stampsOf(session)
  return lastUsedAt + Math.min(NOTE_USE_EVERY_MS, idleMsOf(session, limits) / 10)
}
