import type { SignInDeps } from '../sign-in/sign-in-deps.ts'
import type { Clients } from './clients/client.model.ts'
import type { Keyring } from './clients/keyring.ts'
import type { Families } from './families/family.model.ts'

/** The dependencies of signing in to other sites. */
export type OAuthDeps = SignInDeps & {
  clients: Clients
  families: Families
  keyring: Keyring
}

/** The dependencies of issuing, rotating and ending tokens. */
export type TokenDeps = Omit<OAuthDeps, 'site' | 'passport'>
