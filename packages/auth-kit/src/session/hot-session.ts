import type { PublicUser } from '../public-user.ts'
import type { KnownSession } from './session-cache.ts'
import { isStamped, parseSession, userOf, type SessionContent } from './session-content.ts'
import { useDueAt, type SessionLimits } from './session-limits.ts'

/** A session in memory of which a request needs nothing written: it was read and checked before. */
export type HotSession = {
  readonly json: string
  readonly user: PublicUser | null
  readonly epoch?: NonNullable<SessionContent['epoch']>
  /** Until when that is so, ms since 1970. */
  readonly until: number
}

const learned = new WeakMap<KnownSession, HotSession>()

/** What is known of a session in memory; undefined when it has to be looked at as a cold one. */
export function hotSession(known: KnownSession, limits: SessionLimits): HotSession | undefined {
  let hot = learned.get(known)
  if (hot === undefined) learned.set(known, (hot = learn(known, limits)))
  return Date.now() < hot.until ? hot : undefined
}

function learn({ json }: KnownSession, limits: SessionLimits): HotSession {
  const session = parseSession(json)
  const user = session && userOf(session)
  const isForeign = user === null && session?.passport?.user !== undefined
  if (!session || isForeign || !isStamped(session)) return { json, user: null, until: 0 }
  const endsAt = (session.startedAt ?? 0) + limits.absoluteMs
  const { epoch } = session
  return { json, user, ...(epoch && { epoch }), until: Math.min(endsAt, useDueAt(session, limits)) }
}
