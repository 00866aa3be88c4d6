/**
 * Where to go after signing in: a path here or an address at a listed origin, else `fallback`
 * (OWASP: no open redirect). It judges an address as a browser reads it, so `//host`, `/\host`,
 * `https:host` and tabs in between are what they become there.
 */
export function safeReturnTo(
  returnTo: string | undefined,
  options: { ownOrigin: string; allowedOrigins: readonly string[]; fallback: string },
): string {
  const { ownOrigin, allowedOrigins, fallback } = options
  if (returnTo === undefined || !URL.canParse(returnTo, ownOrigin)) return fallback
  const url = new URL(returnTo, ownOrigin)
  // blob:https://host/… says that its origin is https://host.
  if (!/^https?:$/.test(url.protocol)) return fallback
  const path = `${url.pathname.replace(/^\/+/, '/')}${url.search}${url.hash}`
  if (url.origin === ownOrigin) return path
  return allowedOrigins.includes(url.origin) ? `${url.origin}${path}` : fallback
}
