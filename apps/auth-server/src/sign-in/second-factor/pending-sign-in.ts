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
    /** Set for a visitor whose password was right and whose second factor is missing. */
    pendingSignIn?: PendingSignIn
  }
}

/** A sign-in between the password and the second factor; it belongs to this browser's session only. */
type PendingSignIn = {
  userId: string
  /** The user's epoch before the password was checked: the end of their sessions ends this step too. */
  epoch: string | null
  amr: string[]
  /** When the password was verified, in ms since 1970. */
  at: number
}

/**
 * Notes that the password was right. The session gets a new id, in case somebody planted the old one; a
 * visitor's content stays. Another account's session ends.
 */
export async function beginPending(
  deps: SignInDeps,
  req: Request,
  { id, epoch, amr }: Verified,
): Promise<void> {
  const [earlier, isVisitor] = [req.session, !req.user]
  await replaceOwnSession(deps, { req, userId: id, replaceIt: () => regenerate(req) })
  // As it was when it ended, which other requests may have changed since this one began.
  const { cookie, passport, authKit, ...content } = earlier
  const kept = isVisitor ? content : {}
  Object.assign(req.session, kept, { pendingSignIn: { userId: id, epoch, amr, at: Date.now() } })
}

/**
 * The current user of the pending step; null if there is no step or it has ended: after ten minutes, with
 * the user's sessions, or because the user may no longer sign in.
 */
export async function readPending(deps: SignInDeps, req: Request): Promise<Verified | null> {
  const pending = req.session.pendingSignIn
  if (!pending) return null
  const user = await activeUser(deps, pending)
  if (user) return { ...user, epoch: pending.epoch, amr: pending.amr }
  forgetPending(req)
  return null
}

/** The user of the pending step. @throws Problem 401 `not_signed_in` if there is none */
export async function requirePending(deps: SignInDeps, req: Request): Promise<Verified> {
  const pending = await readPending(deps, req)
  if (!pending) throw notSignedIn()
  return pending
}

/** Ends the pending step. */
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
