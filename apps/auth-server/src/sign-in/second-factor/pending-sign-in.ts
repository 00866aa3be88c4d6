import type { PublicUser } from 'auth-kit/passport'
import type { Request } from 'express'
import { notSignedIn } from '../../http/errors.ts'
import { replaceOwnSession } from '../../sessions/end-session.ts'
import { publicUser } from '../../users/public-user.ts'
import type { Verified } from '../password/password-strategy.ts'
import type { SignInDeps } from '../sign-in-deps.ts'

const MINUTES = 10

declare module 'express-session' {
  interface SessionData {
    /** A visitor whose password was right and who owes a second factor. */
    pendingSignIn?: PendingSignIn
  }
}

/** A sign-in between the password and the second factor; it belongs to this browser's session alone. */
type PendingSignIn = {
  userId: string
  /** The user's epoch before the password was checked: whatever ends their sessions ends this. */
  epoch: string | null
  amr: string[]
  /** When the password was right, ms since 1970. */
  at: number
}

/**
 * Notes that the password was right. The session gets a new id, because whoever planted the old one
 * must not go on from here; a visitor's content stays. Another account's session ends.
 */
export async function beginPending(
  deps: SignInDeps,
  req: Request,
  { id, epoch, amr }: Verified,
): Promise<void> {
  const { cookie, passport, startedAt, lastUsedAt, signIn, epoch: _, ...content } = req.session
  const kept = req.user ? {} : content
  const replaceIt = () => regenerate(req)
  await replaceOwnSession(deps, { req, userId: id, replaceIt })
  Object.assign(req.session, kept, { pendingSignIn: { userId: id, epoch, amr, at: Date.now() } })
}

/**
 * The user of the pending step, as they are now; null if there is no such step, or it has ended:
 * after ten minutes, with the user's sessions, or because the user may not sign in any more.
 */
export async function readPending(deps: SignInDeps, req: Request): Promise<Verified | null> {
  const pending = req.session.pendingSignIn
  if (!pending) return null
  const user = await activeUser(deps, pending)
  if (user) return { ...user, epoch: pending.epoch, amr: pending.amr }
  forgetPending(req)
  return null
}

/** The same. @throws Problem 401 `not_signed_in` if there is none */
export async function requirePending(deps: SignInDeps, req: Request): Promise<Verified> {
  const pending = await readPending(deps, req)
  if (!pending) throw notSignedIn()
  return pending
}

/** The step is done, or over. */
export function forgetPending(req: Request): void {
  delete req.session.pendingSignIn
}

async function activeUser(
  { store, directory }: SignInDeps,
  { userId, epoch, at }: PendingSignIn,
): Promise<PublicUser | null> {
  if (Date.now() - at > MINUTES * 60_000) return null
  if ((await store.readEpoch(userId)) !== epoch) return null
  const user = await directory.findById(userId)
  const mayEnter = user && user.verifiedAt && !user.suspendedAt && !user.deletingAt
  return mayEnter ? publicUser(user) : null
}

function regenerate(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error?: unknown) => (error ? reject(error) : resolve()))
  })
}
