import { hasScopes, isPlain, splitScopes } from '../access-token/scopes.ts'

/** What tokens with a scope may call. */
export type Route = {
  /** Required scopes, separated by spaces. */
  scope: string
  /** `GET`, or `*` for every method. */
  method: string
  /** Such as `/orders/*`. The star matches anything, including slashes. */
  path: string
}

/** What a token may call: these routes, or the whole stage. */
export type Reach = readonly Route[] | 'everything'

/**
 * Checks that every route can stand in a policy.
 *
 * @throws TypeError naming the invalid route
 */
export function checkRoutes(routes: readonly Route[]): void {
  if (!Array.isArray(routes) || routes.length === 0) {
    throw new TypeError('createAuthorizer: routes must be a list of { scope, method, path }')
  }
  for (const route of routes) {
    if (!isRoute(route))
      throw new TypeError(`createAuthorizer: invalid route: ${JSON.stringify(route)}`)
  }
}

/** Forbids `?` and `$` in paths: in a policy, `?` matches any character and `$` starts a variable. */
function isRoute({ scope, method, path }: Route): boolean {
  const scopes = typeof scope === 'string' ? splitScopes(scope) : []
  if (scopes.length === 0 || !scopes.every(isPlain)) return false
  return /^([A-Z]+|\*)$/.test(method) && /^\/[\w\-.~%!&'()+,;=:@/*]*$/.test(path)
}

/** What a token with these scopes may call. Without routes, no scope is required. */
export function reachOf(scope: readonly string[], routes: readonly Route[] | undefined): Reach {
  if (routes === undefined) return 'everything'
  return routes.filter((route) => hasScopes(scope, splitScopes(route.scope)))
}

/** Whether a policy for this reach would allow the request. */
export function isWithin(
  reach: Reach,
  { method, path }: { method: string; path: string },
): boolean {
  if (reach === 'everything') return true
  if (isAmbiguous(path)) return false
  return reach.some(
    (route) => (route.method === '*' || route.method === method) && matches(route.path, path),
  )
}

/**
 * Whether an API, or a proxy in front of it, may read this as another path: dot segments, backslashes,
 * and encoded dots, slashes, backslashes and percent signs. `/orders/../admin` may arrive as `/admin`.
 */
function isAmbiguous(path: string): boolean {
  return /\/\.{1,2}(\/|$)|\\|%(2e|2f|5c|25)/i.test(path)
}

/** The same paths as IAM patterns, which are case-sensitive. */
export const ambiguousPaths: readonly string[] = [
  ...['/./*', '/.', '/../*', '/..', String.raw`\*`].map((end) => `*${end}`),
  ...['2e', '2E', '2f', '2F', '5c', '5C', '25'].map((code) => `*%${code}*`),
]

function matches(pattern: string, path: string): boolean {
  const parts = pattern
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(path)
}
