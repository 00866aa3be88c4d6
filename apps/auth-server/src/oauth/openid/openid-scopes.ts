/** The scopes of OpenID Connect Core §5.4 and §11 that this server knows. */
export const openIdScopes = ['openid', 'profile', 'email', 'offline_access'] as const

/** Whether the scope makes a request an OpenID Connect request (Core §3.1.2.1). */
export function isOpenId(scope: string): boolean {
  return scope.split(' ').includes('openid')
}

/**
 * Whether a grant with this scope gets refresh tokens. OpenID Connect requests them with
 * `offline_access` (Core §11); plain OAuth always gets them.
 */
export function givesRefreshToken(scope: string): boolean {
  return !isOpenId(scope) || scope.split(' ').includes('offline_access')
}
