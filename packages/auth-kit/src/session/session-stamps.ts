/**
 * The kit's own data in a session, stored in the field `authKit`. All other fields except `cookie` and
 * `passport` belong to the app.
 */
export type SessionStamps = {
  /** When the session started, ms since 1970. The absolute limit counts from here. */
  startedAt?: number
  /** When the session was last used, ms since 1970, accurate to a minute. */
  lastUsedAt?: number
  signIn?: SignInStamp
  /** The user's epoch in which the session started, see `Epoch`. */
  epoch?: EpochStamp
}

/**
 * The sign-in of a session. `at`: when the user last signed in or re-authenticated, ms since 1970, or 0 if
 * unknown. `acr`: the level (`aal1` or `aal2`). `amr`: the methods (RFC 8176). `device`: the browser, as
 * the auth server lists it.
 */
export type SignInStamp = {
  id: string
  at: number
  acr?: string
  amr?: string[]
  device?: { userAgent: string; address: string }
}

export type EpochStamp = { userId: string; id: string }

/** A session that may hold stamps. */
type Stamped = { authKit?: SessionStamps }

const isText = (value: unknown) => typeof value === 'string'
/** Times have a year of four digits, also with a lifetime added to them. */
const LATEST = Date.UTC(9000, 0)
const isTime = (value: unknown) => typeof value === 'number' && value >= 0 && value <= LATEST

const checks: Record<keyof SessionStamps, (value: unknown) => boolean> = {
  startedAt: isTime,
  lastUsedAt: isTime,
  signIn: isSignIn,
  epoch: (value) => isRecord(value) && isText(value.userId) && isText(value.id),
}

/** The stamps of each session that the store has loaded or added. */
const known = new WeakMap<object, SessionStamps>()

/**
 * The stamps of a session. If the store has loaded or added the session, these are the store's own,
 * whatever the app has done to the field.
 */
export function stampsOf(session: Stamped): Readonly<SessionStamps> {
  return known.get(session) ?? parseStamps(session.authKit)
}

/** Sets the stamps of a session. The app gets a copy, so its changes have no effect. */
export function setStamps(session: Stamped, stamps: SessionStamps): void {
  known.set(session, stamps)
  session.authKit = structuredClone(stamps)
}

/** Changes some of the stamps. */
export function changeStamps(session: Stamped, change: SessionStamps): void {
  setStamps(session, { ...stampsOf(session), ...change })
}

/**
 * For an auth server: sets the sign-in of a session, which `signedInWithin` and `signedInWith` read. The
 * next save stores it.
 */
export function setSignIn(session: Stamped, signIn: SignInStamp): void {
  changeStamps(session, { signIn })
}

/** Copies the stamps to another object for the same session, as express-session creates on each load. */
export function shareStamps(from: object, to: object): void {
  const stamps = known.get(from)
  if (stamps) known.set(to, stamps)
}

/** The stamps given with a new session. A time in the future would extend the session, so it is capped. */
export function stampsOfNew(session: Stamped, now: number): SessionStamps {
  const { startedAt, signIn, epoch } = stampsOf(session)
  return {
    ...(startedAt !== undefined && { startedAt: Math.min(startedAt, now) }),
    ...(signIn && { signIn: { ...signIn, at: Math.min(signIn.at, now) } }),
    ...(epoch && { epoch: { ...epoch } }),
  }
}

/** Reads a stored `authKit`. Drops malformed stamps and keeps those of a newer version. */
function parseStamps(value: unknown): SessionStamps {
  if (!isRecord(value)) return {}
  const sound = Object.entries(value).filter(
    ([name, stamp]) => !isStampName(name) || checks[name](stamp),
  )
  return Object.fromEntries(sound)
}

/**
 * Moves the stamps that earlier versions stored at the top level of a session into `authKit`. Keeps an
 * app's fields of the same names: they look different, or the session already has an `authKit`.
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
  const { acr, amr, device } = value
  if (device !== undefined && !isDevice(device)) return false
  const isMethods = amr === undefined || (Array.isArray(amr) && amr.every(isText))
  return isMethods && (acr === undefined || isText(acr))
}

function isDevice(value: unknown): boolean {
  return isRecord(value) && isText(value.userAgent) && isText(value.address)
}

function isStampName(name: string): name is keyof SessionStamps {
  return Object.hasOwn(checks, name)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
