import type { PublicUser } from '../public-user.ts'
import type { KnownSession } from './session-cache.ts'
import { isStamped, parseSession, userOf } from './session-content.ts'
import { absoluteEndOf, useDueAt, type SessionLimits } from './session-limits.ts'
import { stampsOf, type EpochStamp } from './session-stamps.ts'

/** A cached session that has been checked before and needs no write. */
export type HotSession = {
  readonly json: string
  readonly user: PublicUser | null
  readonly epoch?: EpochStamp
  /** When it needs a write or a new check, ms since 1970. */
  readonly until: number
}

const learned = new WeakMap<KnownSession, HotSession>()

/** A cached session as a hot one, or undefined if it must be read and checked like a cold one. */
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
  const { epoch } = stampsOf(session)
  const until = Math.min(absoluteEndOf(session, limits), useDueAt(session, limits))
  return { json, user, ...(epoch && { epoch }), until }
}
