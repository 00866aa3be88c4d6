/** Access tokens in the `Authorization` header, verified with the auth server's keys or by asking it. */
export type { AccessToken } from './access-token/access-token.ts'
export type { KeySet } from './access-token/key-finder.ts'
export { createKeySet, type Jwks } from './access-token/key-set.ts'
export { AuthError, type AuthErrorCode } from './errors.ts'
export { readBearerToken } from './access-token/read-bearer-token.ts'
export { verifyAccessToken, type VerifyOptions } from './access-token/verify-access-token.ts'
export type { Introspection } from './access-token/introspect-access-token.ts'
export { limitPerToken, type LimitPerTokenOptions } from './bearer/limit-per-token.ts'
export {
  requireAccessToken,
  type RequireAccessTokenOptions,
} from './bearer/require-access-token.ts'
