import { AuthError } from '../errors.ts'

/** The codes of RFC 6750, section 3.1, and RFC 9470. A request without a token gets no `error`. */
const CODES = [
  'invalid_request',
  'invalid_token',
  'insufficient_scope',
  'insufficient_user_authentication',
]

type Needed = {
  audience: string
  scope?: string | undefined
  acr?: string | undefined
  maxAge?: number | undefined
}

/** Adds the `WWW-Authenticate` header of RFC 6750 to an error below 500. */
export function withChallenge(error: unknown, { audience, scope, acr, maxAge }: Needed): unknown {
  if (!(error instanceof AuthError) || error.status >= 500) return error
  const { code, status, message, headers, cause } = error
  const parts = [
    `realm="${audience}"`,
    ...(CODES.includes(code) ? [`error="${code}"`] : []),
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
    ...(acr === undefined ? [] : [`acr_values="${acr}"`]),
    ...(maxAge === undefined ? [] : [`max_age="${maxAge}"`]),
  ]
  const challenge = { 'WWW-Authenticate': `Bearer ${parts.join(', ')}` }
  return new AuthError({ code, status, message, headers: { ...headers, ...challenge } }, cause)
}
