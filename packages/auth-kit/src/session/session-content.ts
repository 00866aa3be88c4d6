import { randomUUID } from 'node:crypto'
import type { SessionData } from 'express-session'
import { parsePublicUser, type PublicUser } from '../public-user.ts'
import { warnOnce } from '../warn-once.ts'
import { flawOf } from './session-flaw.ts'
import { changeStamps, moveOldStamps, stampsOf, type SessionStamps } from './session-stamps.ts'

declare module 'express-session' {
  // All other fields belong to the app.
  interface SessionData {
    passport?: { user?: PublicUser }
    /** The kit's own field. Changes by an app are not stored. */
    authKit?: SessionStamps
  }
}

/** The level of a sign-in: with one factor or with two (NIST SP 800-63B-4). */
export type Level = 'aal1' | 'aal2'

/** A session as an app may create it, without cookie data. */
export type SessionContent = Omit<SessionData, 'cookie'> & {
  cookie?: SessionData['cookie'] | undefined
}

/** The user of a session, or null for a visitor. */
export function userOf(session: SessionContent): PublicUser | null {
  return parsePublicUser(session.passport?.user)
}

/** Adds the stamps that limits and guards need and a stock app does not write. */
export function stamp(
  session: SessionContent,
  { startedAt, signedInAt }: { startedAt: number; signedInAt: number },
): void {
  const { signIn = { id: randomUUID(), at: signedInAt }, ...stamps } = stampsOf(session)
  changeStamps(session, { startedAt, ...stamps, ...(session.passport?.user && { signIn }) })
}

/** Whether a session has all its stamps. */
export function isStamped(session: SessionData): boolean {
  const { startedAt, signIn, epoch } = stampsOf(session)
  if (startedAt === undefined) return false
  const user = userOf(session)
  return !user || (signIn !== undefined && epoch?.userId === user.id)
}

/** The content of a stored session. Null if it is malformed; warns once for each reason. */
export function parseSession(json: string): SessionData | null {
  const value = parseJson(json)
  const flaw = flawOf(json, value)
  if (flaw === undefined && isSession(value)) {
    moveOldStamps(value)
    return value
  }
  warnOnce(`Ignored a malformed session: ${flaw}.`, 'SESSION_MALFORMED')
  return null
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isSession(value: unknown): value is SessionData {
  return typeof value === 'object' && value !== null && 'cookie' in value
}

/** Tolerated age difference: express-session recomputes a cookie's age by the clock on each touch. */
const TOUCH_MS = 10

/** Whether two sessions are equal, cookie data aside. The cookie's age, which apps may set, counts. */
export function sameContent(one: SessionData, other: SessionData): boolean {
  return contentOf(one) === contentOf(other) && sameAge(one, other)
}

function sameAge({ cookie: one }: SessionData, { cookie: other }: SessionData): boolean {
  const [age, otherAge] = [one.originalMaxAge ?? null, other.originalMaxAge ?? null]
  if (age === null || otherAge === null) return age === otherAge
  return Math.abs(age - otherAge) < TOUCH_MS
}

function contentOf(session: SessionData): string {
  return JSON.stringify([{ ...session, cookie: undefined, authKit: undefined }, stampsOf(session)])
}
