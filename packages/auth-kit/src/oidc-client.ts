/** What a site needs beside its OpenID Connect library: it ends its sessions when the auth server says so. */
export { createKeySet, type Jwks } from './access-token/key-set.ts'
export type { KeySet } from './access-token/key-finder.ts'
export { AuthError, type AuthErrorCode } from './errors.ts'
export {
  backchannelLogout,
  type BackchannelLogoutOptions,
} from './oidc-client/backchannel-logout.ts'
export {
  verifyLogoutToken,
  type LogoutNotice,
  type VerifyLogoutOptions,
} from './oidc-client/verify-logout-token.ts'
