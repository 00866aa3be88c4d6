/**
 * What the kit keeps in a session for itself, in the field `authKit`. All other fields but `cookie` and
 * `passport` belong to the app.
 */
export type SessionStamps = {
  /** When the session began, ms since 1970: the absolute limit counts from here. */
  startedAt?: number
  /** When the session was last used, ms since 1970, to the minute. */
  lastUsedAt?: number
  signIn?: SignInStamp
  /** The user's epoch that the session began in, see `Epoch`. */
  epoch?: EpochStamp
}

/**
 * The sign-in a session belongs to; when the user last proved who they are, ms since 1970, 0 if that is
 * unknown; and how: the level (`aal1` or `aal2`) and the methods (RFC 8176).
 */
export type SignInStamp = { id: string; at: number; acr?: string; amr?: string[] }

export type EpochStamp = { userId: string; id: string }

/** A session that may hold stamps. */
type Stamped = { authKit?: SessionStamps }

const isText = (value: unknown) => typeof value === 'string'
const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value)

const checks: Record<keyof SessionStamps, (value: unknown) => boolean> = {
  startedAt: isTime,
  lastUsedAt: isTime,
  signIn: isSignIn,
  epoch: (value) => isRecord(value) && isText(value.userId) && isText(value.id),
}

/** The stamps of each session that the store has loaded or added. */
const known = new WeakMap<object, SessionStamps>()

/**
 * The stamps of a session. For one that the store has loaded or added they are those the store set,
 * whatever the app has done to the field since.
 */
export function stampsOf(session: Stamped): Readonly<SessionStamps> {
  return known.get(session) ?? parseStamps(session.authKit)
}

/** Sets the stamps of a session. The app sees a copy, so damage to it reaches nothing. */
export function setStamps(session: Stamped, stamps: SessionStamps): void {
  known.set(session, stamps)
  session.authKit = structuredClone(stamps)
}

/** Changes some of them. */
export function changeStamps(session: Stamped, change: SessionStamps): void {
  setStamps(session, { ...stampsOf(session), ...change })
}

/**
 * For an auth server: notes which sign-in a session belongs to, and when and how its user proved who they
 * are. `signedInWithin` and `signedInWith` read it; it is stored with the next save.
 */
export function setSignIn(session: Stamped, signIn: SignInStamp): void {
  changeStamps(session, { signIn })
}

/** Makes one object a session's stand-in for another, as express-session does at each load. */
export function shareStamps(from: object, to: object): void {
  const stamps = known.get(from)
  if (stamps) known.set(to, stamps)
}

/** The stamps that a new session brings along. A time in the future would stretch the session. */
export function stampsOfNew(session: Stamped, now: number): SessionStamps {
  const { startedAt, signIn, epoch } = stampsOf(session)
  return {
    ...(startedAt !== undefined && { startedAt: Math.min(startedAt, now) }),
    ...(signIn && { signIn: { ...signIn, at: Math.min(signIn.at, now) } }),
    ...(epoch && { epoch: { ...epoch } }),
  }
}

/** Reads a stored `authKit`. A malformed stamp counts as missing; those of a newer version stay. */
function parseStamps(value: unknown): SessionStamps {
  if (!isRecord(value)) return {}
  const sound = Object.entries(value).filter(
    ([name, stamp]) => !isStampName(name) || checks[name](stamp),
  )
  return Object.fromEntries(sound)
}

/**
 * Moves the stamps that earlier versions kept at the top of a session into `authKit`. An app's fields of
 * the same names look different or lie beside an `authKit`, and stay.
 */
export function moveOldStamps(session: Stamped): void {
  const fields: Record<string, unknown> = { ...session }
  if ('authKit' in fields || !hasOldStamps(fields)) return
  const { startedAt, lastUsedAt, signIn, epoch } = fields
  const stamps = parseStamps({ startedAt, lastUsedAt, signIn, epoch })
  for (const name of Object.keys(checks)) Reflect.deleteProperty(session, name)
  session.authKit = stamps
}

function hasOldStamps({ startedAt, lastUsedAt, signIn }: Record<string, unknown>): boolean {
  return isRecentTime(startedAt) && (isSignIn(signIn) || isRecentTime(lastUsedAt))
}

function isRecentTime(value: unknown): boolean {
  return isTime(value) && Number(value) > Date.parse('2020-01-01')
}

function isSignIn(value: unknown): boolean {
  if (!isRecord(value) || !isText(value.id) || !isTime(value.at)) return false
  const { acr, amr } = value
  const isMethods = amr === undefined || (Array.isArray(amr) && amr.every(isText))
  return isMethods && (acr === undefined || isText(acr))
}

function isStampName(name: string): name is keyof SessionStamps {
  return Object.hasOwn(checks, name)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
