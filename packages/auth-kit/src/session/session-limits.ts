import type { Lifetime } from './session-cache.ts'
import { userOf, type SessionContent } from './session-content.ts'
import { stampsOf } from './session-stamps.ts'

/** The last use is noted, and the end moved, once a minute at most: not a write for every request. */
const NOTE_USE_EVERY_MS = 60_000

export type SessionLimits = {
  /** Whole ms after which a session that is not used ends. */
  idleMs: number
  /** Whole ms after which any session ends. */
  absoluteMs: number
  /** Whole ms after which a session without a user ends when it is not used; `idleMs` unless given. */
  visitorMs?: number
}

/** Redis takes no fractions. */
export function checkLimits({ idleMs, absoluteMs, visitorMs = idleMs }: SessionLimits): void {
  for (const [name, ms] of Object.entries({ idleMs, absoluteMs, visitorMs })) {
    if (!(Number.isSafeInteger(ms) && ms > 0)) {
      throw new TypeError(`limits: ${name} is a number of whole milliseconds, more than 0`)
    }
  }
}

/** When a session ends if it is not used again, ms since 1970. */
export function endOf(session: SessionContent, limits: SessionLimits): number {
  const { lastUsedAt = Date.now() } = stampsOf(session)
  return Math.min(lastUsedAt + idleMsOf(session, limits), absoluteEndOf(session, limits))
}

/** When a session ends however it is used, ms since 1970. */
export function absoluteEndOf(session: SessionContent, { absoluteMs }: SessionLimits): number {
  const { startedAt = Date.now() } = stampsOf(session)
  return startedAt + absoluteMs
}

/** How long a session is to be kept if it is not used again. */
export function lifetimeOf(session: SessionContent, limits: SessionLimits): Lifetime {
  const endsAt = absoluteEndOf(session, limits)
  return { idleMs: idleMsOf(session, limits), endsAt, isVisitor: !userOf(session) }
}

/**
 * A visitor's session has a short life of its own: anybody may begin any number of them. An app may
 * shorten a session by `cookie.maxAge`, and the browser is not trusted to hold to it.
 */
function idleMsOf(session: SessionContent, { idleMs, visitorMs = idleMs }: SessionLimits): number {
  const longest = userOf(session) ? idleMs : visitorMs
  const age = session.cookie?.originalMaxAge
  return typeof age === 'number' ? Math.max(1, Math.min(Math.floor(age), longest)) : longest
}

/** When the use of a session is to be noted again, ms since 1970. */
export function useDueAt(session: SessionContent, limits: SessionLimits): number {
  const { lastUsedAt = 0 } = stampsOf(session)
  return lastUsedAt + Math.min(NOTE_USE_EVERY_MS, idleMsOf(session, limits) / 10)
}
