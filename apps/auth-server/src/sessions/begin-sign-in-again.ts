import { passwordNeeded } from '../http/errors.ts'
import { beginSignIn, type NewSignIn, spanFrom } from './begin-sign-in.ts'
import { type SignIn, toSignIn } from './sign-in.model.ts'
import type { TokenDeps } from '../oauth/oauth-deps.ts'

/**
 * Begins a sign-in once more where its tokens are over and the password was given again since. It
 * is the same sign-in, so that whatever ends it ends all that it gave. Families have an end of
 * their own and stay over.
 *
 * @throws Problem 401 `password_needed` where it was not
 */
export async function beginSignInAgain(
  deps: Pick<TokenDeps, 'signIns' | 'config'>,
  over: SignIn,
  { id, userId, startedAt }: NewSignIn,
): Promise<SignIn> {
  const span = spanFrom(startedAt, deps.config)
  if (span.expiresAt <= new Date()) throw passwordNeeded()
  const unchanged = { _id: id, endedAt: null, expiresAt: over.expiresAt }
  const renewed = deps.signIns.findOneAndUpdate(
    unchanged,
    { $set: span },
    { returnDocument: 'after' },
  )
  const record = await renewed.lean()
  // Else two clients came at once, or it was ended.
  return record ? toSignIn(record) : await beginSignIn(deps, { id, userId, startedAt })
}
