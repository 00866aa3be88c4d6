import { isPlain, splitScopes } from './scopes.ts'

type Options = {
  issuer: string
  audience: string
  scope?: string | undefined
  acr?: string | undefined
  maxAge?: number | undefined
}

/**
 * Checks whether a guard can work with these options, when an app starts and not at its first
 * request.
 *
 * @throws TypeError which option is wrong
 */
export function checkTokenOptions(
  caller: string,
  { issuer, audience, scope, acr, maxAge }: Options,
): void {
  const { protocol, search, hash } = (URL.canParse(issuer) && new URL(issuer)) || noUrl
  if (!/^https?:$/.test(protocol) || search || hash) {
    throw new TypeError(`${caller}: issuer is the address of the auth server, as its tokens say it`)
  }
  if (typeof audience !== 'string' || !isPlain(audience)) {
    throw new TypeError(`${caller}: audience is this service's name at the auth server, in ASCII`)
  }
  if (acr !== undefined && !isPlain(acr)) {
    throw new TypeError(`${caller}: acr is a level such as aal2`)
  }
  if (maxAge !== undefined && !(maxAge >= 0)) {
    throw new TypeError(`${caller}: maxAge is a number of seconds`)
  }
  if (scope === undefined) return
  const scopes = splitScopes(scope)
  if (scopes.length === 0 || !scopes.every(isPlain)) {
    throw new TypeError(`${caller}: scope is one or more scopes, with a space between them`)
  }
}

const noUrl = { protocol: '', search: '', hash: '' }
