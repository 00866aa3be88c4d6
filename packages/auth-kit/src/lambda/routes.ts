import { hasScopes, isPlain, splitScopes } from '../access-token/scopes.ts'

/** What tokens with a scope may call. */
export type Route = {
  /** The scopes that are needed, all of them, with a space between. */
  scope: string
  /** `GET`, or `*` for every method. */
  method: string
  /** `/orders/*`: the star stands for anything, further slashes included. */
  path: string
}

/** What a token may call: these routes, or all of the stage. */
export type Reach = readonly Route[] | 'everything'

/**
 * Whether these can be routes of a policy.
 *
 * @throws TypeError with the one that cannot
 */
export function checkRoutes(routes: readonly Route[]): void {
  if (!Array.isArray(routes) || routes.length === 0) {
    throw new TypeError('createAuthorizer: routes is a list of { scope, method, path }')
  }
  for (const route of routes) {
    if (!isRoute(route)) throw new TypeError(`createAuthorizer: no route: ${JSON.stringify(route)}`)
  }
}

/** In a policy `?` stands for any character, `$` begins a variable: neither is one here. */
function isRoute({ scope, method, path }: Route): boolean {
  const scopes = typeof scope === 'string' ? splitScopes(scope) : []
  if (scopes.length === 0 || !scopes.every(isPlain)) return false
  return /^([A-Z]+|\*)$/.test(method) && /^\/[\w\-.~%!&'()+,;=:@/*]*$/.test(path)
}

/** What a token with these scopes may call; without routes no scope is asked for. */
export function reachOf(scope: readonly string[], routes: readonly Route[] | undefined): Reach {
  if (routes === undefined) return 'everything'
  return routes.filter((route) => hasScopes(scope, splitScopes(route.scope)))
}

/** Whether a request is for something within reach, as a policy that names it would see it. */
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
 * What an API or what stands before it may read as another path: dot segments, backslashes, and encoded
 * dots, slashes, backslashes and percent signs. `/orders/../admin` may arrive as `/admin`.
 */
function isAmbiguous(path: string): boolean {
  return /\/\.{1,2}(\/|$)|\\|%(2e|2f|5c|25)/i.test(path)
}

/** The same paths as IAM has them in an ARN, where letters count as they are. */
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
