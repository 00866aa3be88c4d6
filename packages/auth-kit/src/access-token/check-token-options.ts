import { isPlain, splitScopes } from './scopes.ts'

type Options = {
  issuer: string
  audience: string
  scope?: string | undefined
  acr?: string | undefined
  maxAge?: number | undefined
}

/**
 * Checks a guard's options when the app starts, not on its first request.
 *
 * @throws TypeError naming the invalid option
 */
export function checkTokenOptions(
  caller: string,
  { issuer, audience, scope, acr, maxAge }: Options,
): void {
  checkIssuer(caller, issuer)
  if (typeof audience !== 'string' || !isPlain(audience)) {
    throw new TypeError(
      `${caller}: audience must be this service's name at the auth server (ASCII)`,
    )
  }
  if (acr !== undefined && !isPlain(acr)) {
    throw new TypeError(`${caller}: acr must be a level such as aal2`)
  }
  if (maxAge !== undefined && !(maxAge >= 0)) {
    throw new TypeError(`${caller}: maxAge must be a number of seconds, 0 or more`)
  }
  if (scope === undefined) return
  const scopes = splitScopes(scope)
  if (scopes.length === 0 || !scopes.every(isPlain)) {
    throw new TypeError(`${caller}: scope must be one or more scopes, separated by spaces`)
  }
}

/** @throws TypeError if an issuer is no HTTP(S) URL, or has a query or fragment (RFC 8414, section 2) */
export function checkIssuer(caller: string, issuer: string): void {
  const { protocol, search, hash } = (URL.canParse(issuer) && new URL(issuer)) || noUrl
  if (!/^https?:$/.test(protocol) || search || hash) {
    throw new TypeError(`${caller}: issuer must be the auth server's URL, as in its tokens' iss`)
  }
}

const noUrl = { protocol: '', search: '', hash: '' }
