import { createHash } from 'node:crypto'
import { decodeProtectedHeader } from 'jose'
import type { AccessToken } from './access-token.ts'
import { checkHeader } from './check-header.ts'
import { splitScopes } from './scopes.ts'
import { expiredToken, invalidToken, tokensUnavailable } from './token-errors.ts'

/** Where to ask about a token (RFC 7662), and as which resource server. */
export type Introspection = {
  /** The auth server's introspection endpoint. */
  url: string | URL
  clientId: string
  clientSecret: string
}

/** How long the auth server may take to say whether a token is good, ms. */
const DEADLINE_MS = 1000

type Answer = Record<string, unknown>

/**
 * Asks the auth server about a token (RFC 7662), each time: a token that was revoked is refused at
 * once. A text whose header is not an access token's is not sent.
 *
 * @throws AuthError `invalid_token` (401), or `tokens_unavailable` (503) when the auth server does
 *   not answer in 1 s, or refuses us
 */
export async function introspectAccessToken(
  token: string,
  { issuer, audience, ...at }: Introspection & { issuer: string; audience: string },
): Promise<AccessToken> {
  checkHeader(headerOf(token))
  const answer = await ask(token, at).catch((error: unknown) => {
    throw tokensUnavailable(error)
  })
  if (answer.active === false) {
    throw answer.reason === 'expired' ? expiredToken() : invalidToken(answer.reason)
  }
  if (answer.active !== true) throw tokensUnavailable(new Error('an answer without "active"'))
  return readAnswer(token, answer, { issuer, audience })
}

function headerOf(token: string) {
  try {
    return decodeProtectedHeader(token)
  } catch (error) {
    throw invalidToken(error)
  }
}

async function ask(token: string, { url, clientId, clientSecret }: Introspection): Promise<Answer> {
  // RFC 6749, section 2.3.1: both encoded, for a colon in either.
  const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':')
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  if (answer.status !== 200) throw new Error(`introspection was answered with ${answer.status}`)
  const body: unknown = await answer.json()
  return { ...Object(body) }
}

/** An answer is checked like a token: it may have been meant for somebody else. */
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
