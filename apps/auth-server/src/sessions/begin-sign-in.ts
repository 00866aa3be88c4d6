import { isDuplicate } from '../storage/is-duplicate.ts'
import { type SignIn, toSignIn } from './sign-in.model.ts'
import type { TokenDeps } from '../oauth/oauth-deps.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export type NewSignIn = { id: string; userId: string; startedAt: Date }

/**
 * The record of a sign-in, made when it first gives tokens. Every family that it gives ends with
 * it, `refreshDays` after it began, however often one is rotated.
 */
export async function beginSignIn(
  { signIns, config }: Pick<TokenDeps, 'signIns' | 'config'>,
  { id, userId, startedAt }: NewSignIn,
): Promise<SignIn> {
  const known = await signIns.findOne({ _id: id }).lean()
  if (known) return toSignIn(known)
  const record = { _id: id, userId, ...spanFrom(startedAt, config), endedAt: null }
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
export function spanFrom(
  startedAt: Date,
  { refreshDays }: Pick<TokenDeps['config'], 'refreshDays'>,
): Pick<SignIn, 'startedAt' | 'expiresAt'> {
  return { startedAt, expiresAt: new Date(startedAt.getTime() + refreshDays * DAY_MS) }
}
