import type { Authentication } from '../../sessions/authentication.ts'
import type { AuthorizeRequest } from './check-authorize-request.ts'

type Asked = Pick<AuthorizeRequest, 'prompt' | 'maxAge' | 'authenticatedAfter' | 'acr'> & {
  hintedUserId: string | undefined
}
type Visitor = Pick<Authentication, 'at' | 'acr'> & { userId: string }

/** What is missing before the visitor gets a code. */
export type Missing = 'sign_in' | 'reauthenticate' | 'step_up' | 'another_user'

/**
 * What an authorization request demands that the session does not show: a sign-in, a fresh one
 * (`prompt=login`, `max_age`), two factors (`acr_values=aal2`), or the user that the client names by
 * `id_token_hint` (OpenID Connect Core §3.1.2.1).
 */
export function checkFreshness(
  asked: Asked,
  visitor: Visitor | undefined,
  now: Date,
): Missing | undefined {
  if (!visitor) return 'sign_in'
  const { hintedUserId, acr } = asked
  if (hintedUserId !== undefined && hintedUserId !== visitor.userId) return 'another_user'
  if (acr === 'aal2' && visitor.acr !== 'aal2') return 'step_up'
  return isFresh(asked, visitor, now) ? undefined : 'reauthenticate'
}

function isFresh(
  { prompt, maxAge, authenticatedAfter }: Asked,
  visitor: Visitor,
  now: Date,
): boolean {
  const at = Math.floor(visitor.at.getTime() / 1000)
  if (authenticatedAfter !== undefined) return at >= authenticatedAfter
  const isOld = maxAge !== undefined && Math.floor(now.getTime() / 1000) - at > maxAge
  return !isOld && !prompt.includes('login') && !prompt.includes('select_account')
}
