import type { AuthorizeRequest } from './check-authorize-request.ts'

type Asked = Pick<AuthorizeRequest, 'prompt' | 'maxAge' | 'authenticatedAfter'> & {
  hintedUserId: string | undefined
}
type Visitor = { userId: string; authenticatedAt: Date }

/** What is missing before the visitor gets a code. */
export type Missing = 'sign_in' | 'reauthenticate' | 'another_user'

/**
 * What an authorization request demands that the session does not show: a sign-in, a fresh one
 * (`prompt=login`, `max_age`), or the user that the client names by `id_token_hint` (OpenID Connect
 * Core §3.1.2.1).
 */
export function checkFreshness(
  { prompt, maxAge, authenticatedAfter, hintedUserId }: Asked,
  visitor: Visitor | undefined,
  now: Date,
): Missing | undefined {
  if (!visitor) return 'sign_in'
  if (hintedUserId !== undefined && hintedUserId !== visitor.userId) return 'another_user'
  const at = Math.floor(visitor.authenticatedAt.getTime() / 1000)
  if (authenticatedAfter !== undefined)
    return at >= authenticatedAfter ? undefined : 'reauthenticate'
  const isOld = maxAge !== undefined && Math.floor(now.getTime() / 1000) - at > maxAge
  return isOld || prompt.includes('login') || prompt.includes('select_account')
    ? 'reauthenticate'
    : undefined
}
