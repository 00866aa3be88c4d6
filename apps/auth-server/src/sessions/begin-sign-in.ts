import { isDuplicate } from '../storage/is-duplicate.ts'
import { type SignedInBy, type SignIn, toSignIn } from './sign-in.model.ts'
import type { SessionDeps } from './session-deps.ts'
import { reauthenticationRequired } from '../http/errors.ts'

const DAY_MS = 24 * 60 * 60 * 1000

type NewSignIn = { id: string; userId: string; startedAt: Date; by?: SignedInBy }

/**
 * The record of a sign-in, made when it first gives tokens. Every family that it gives ends with
 * it, `refreshDays` after it began, however often one is rotated.
 */
export async function beginSignIn(
  { signIns, config }: Pick<SessionDeps, 'signIns' | 'config'>,
  { id, userId, startedAt, by }: NewSignIn,
): Promise<SignIn> {
  const known = await signIns.findOne({ _id: id }).lean()
  if (known) return toSignIn(known)
  const record = {
    _id: id,
    userId,
    ...spanFrom(startedAt, config),
    endedAt: null,
    logoutDueAt: null,
    expiryAnnounced: false,
    by: by ?? null,
  }
  try {
    return toSignIn((await signIns.create(record)).toObject())
  } catch (error) {
    // Two clients join at once: the first one's record holds.
    const other = isDuplicate(error) ? await signIns.findOne({ _id: id }).lean() : null
    if (!other) throw error
    return toSignIn(other)
  }
}

/** How long a sign-in that began then gives tokens. */
function spanFrom(
  startedAt: Date,
  { refreshDays }: Pick<SessionDeps['config'], 'refreshDays'>,
): Pick<SignIn, 'startedAt' | 'expiresAt'> {
  return { startedAt, expiresAt: new Date(startedAt.getTime() + refreshDays * DAY_MS) }
}

/**
 * Begins a sign-in again where its tokens are over and the password was given again since. It
 * is the same sign-in, so that whatever ends it ends all that it gave. Families have an end of
 * their own and stay over.
 *
 * @throws Problem 401 `reauthentication_required` if it was not
 */
export async function beginSignInAgain(
  deps: Pick<SessionDeps, 'signIns' | 'config'>,
  over: SignIn,
  { id, userId, startedAt }: NewSignIn,
): Promise<SignIn> {
  const span = spanFrom(startedAt, deps.config)
  if (span.expiresAt <= new Date()) throw reauthenticationRequired()
  const unchanged = { _id: id, endedAt: null, expiresAt: over.expiresAt }
  const renewed = deps.signIns.findOneAndUpdate(
    unchanged,
    { $set: { ...span, expiryAnnounced: false } },
    { returnDocument: 'after' },
  )
  const record = await renewed.lean()
  // Else two clients came at once, or it was ended.
  return record ? toSignIn(record) : await beginSignIn(deps, { id, userId, startedAt })
}
