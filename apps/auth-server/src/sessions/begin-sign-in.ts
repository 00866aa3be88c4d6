import { isDuplicate } from '../storage/is-duplicate.ts'
import { type SignedInBy, type SignIn, toSignIn } from './sign-in.model.ts'
import type { SessionDeps } from './session-deps.ts'
import { reauthenticationRequired } from '../http/errors.ts'

const DAY_MS = 24 * 60 * 60 * 1000

type NewSignIn = { id: string; userId: string; startedAt: Date; by?: SignedInBy }

/**
 * Finds or creates an SSO session, the record of a sign-in that issues tokens. All its families end with
 * it, `refreshDays` after the sign-in, however often they are rotated.
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
    // Two clients joined at once: the first record counts.
    const other = isDuplicate(error) ? await signIns.findOne({ _id: id }).lean() : null
    if (!other) throw error
    return toSignIn(other)
  }
}

/** The time during which an SSO session issues tokens. */
function spanFrom(
  startedAt: Date,
  { refreshDays }: Pick<SessionDeps['config'], 'refreshDays'>,
): Pick<SignIn, 'startedAt' | 'expiresAt'> {
  return { startedAt, expiresAt: new Date(startedAt.getTime() + refreshDays * DAY_MS) }
}

/**
 * Renews an expired SSO session after a re-authentication. The record stays the same, so that its end still
 * ends everything it issued. Expired families stay expired.
 *
 * @throws Problem 401 `reauthentication_required` without a recent re-authentication
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
  // Otherwise, two clients came at once or it was ended.
  return record ? toSignIn(record) : await beginSignIn(deps, { id, userId, startedAt })
}
