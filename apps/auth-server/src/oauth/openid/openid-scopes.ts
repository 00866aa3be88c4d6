/** The scopes of OpenID Connect Core §5.4 and §11 that this server knows. */
export const openIdScopes = ['openid', 'profile', 'email', 'offline_access'] as const

/** Whether a scope makes a request one of OpenID Connect (Core §3.1.2.1). */
export function isOpenId(scope: string): boolean {
  return scope.split(' ').includes('openid')
}

/**
 * Whether a grant of that scope gives refresh tokens. OpenID Connect asks for them by name (Core
 * §11); plain OAuth always gets them.
 */
export function givesRefreshToken(scope: string): boolean {
  return !isOpenId(scope) || scope.split(' ').includes('offline_access')
}
