import { createHash } from 'node:crypto'
import type { AccessToken } from './access-token.ts'
import { checkHeader } from './check-header.ts'
import { splitScopes } from './scopes.ts'
import { splitToken } from './signed-token.ts'
import { expiredToken, invalidToken, tokensUnavailable } from './token-errors.ts'

/** The introspection endpoint (RFC 7662) and the credentials to use there. */
export type Introspection = {
  /** The auth server's introspection endpoint. */
  url: string | URL
  clientId: string
  clientSecret: string
}

/** How long the auth server may take to answer, ms. */
const DEADLINE_MS = 1000

type Answer = Record<string, unknown>

/**
 * Asks the auth server about a token (RFC 7662) on every call, so a revoked token is refused at
 * once. Never sends a value whose header is not an access token's.
 *
 * @throws AuthError `invalid_token` (401), or `tokens_unavailable` (503) if the auth server does not
 *   answer within 1 s or rejects the credentials
 */
export async function introspectAccessToken(
  token: string,
  { issuer, audience, ...at }: Introspection & { issuer: string; audience: string },
): Promise<AccessToken> {
  checkHeader(splitToken(token).header)
  const answer = await ask(token, at).catch((error: unknown) => {
    throw tokensUnavailable(error)
  })
  if (answer.active === false) {
    throw answer.reason === 'expired' ? expiredToken() : invalidToken(answer.reason)
  }
  if (answer.active !== true)
    throw tokensUnavailable(new Error('the introspection answer has no "active"'))
  return readAnswer(token, answer, { issuer, audience })
}

async function ask(token: string, { url, clientId, clientSecret }: Introspection): Promise<Answer> {
  // RFC 6749, section 2.3.1: both are encoded, since either may contain a colon.
  const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':')
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  if (answer.status !== 200) throw new Error(`introspection failed with status ${answer.status}`)
  const body: unknown = await answer.json()
  return { ...Object(body) }
}

/** Checks an answer like a token: its token may be for another audience. */
function readAnswer(
  token: string,
  answer: Answer,
  { issuer, audience }: { issuer: string; audience: string },
): AccessToken {
  const { sub, client_id: clientId, scope = '', exp, aud, iss = issuer } = answer
  const isMeant = iss === issuer && [aud].flat().includes(audience)
  if (!isMeant || typeof exp !== 'number' || typeof scope !== 'string') throw invalidToken()
  if (typeof sub !== 'string' || typeof clientId !== 'string') throw invalidToken()
  const { jti = createHash('sha256').update(token).digest('base64url') } = answer
  if (typeof jti !== 'string') throw invalidToken()
  const expiresAt = new Date(exp * 1000)
  return { sub, clientId, scope: splitScopes(scope), jti, expiresAt, claims: answer }
}
