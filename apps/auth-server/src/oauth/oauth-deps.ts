import type { SignInDeps } from '../sign-in/sign-in-deps.ts'
import type { Clients } from './clients/client.model.ts'
import type { Keyring } from './clients/keyring.ts'
import type { Families } from './families/family.model.ts'

/** What other sites' sign-in needs. */
export type OAuthDeps = SignInDeps & {
  clients: Clients
  families: Families
  keyring: Keyring
}

/** What issuing, rotating and ending tokens needs. */
export type TokenDeps = Omit<OAuthDeps, 'site' | 'passport'>
