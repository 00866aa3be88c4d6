import type { KeyState } from '../../oauth/clients/describe-keys.ts'
import type { ClientKind, SigningAlgorithm } from '../../oauth/clients/client.model.ts'

/** What each kind of client is, in words for people. */
export const kindWords: Record<ClientKind, { label: string; hint: string }> = {
  site: {
    label: 'Client site',
    hint: 'Sends people here to sign in and receives them back with a code.',
  },
  first_party: {
    label: 'First-party app',
    hint: 'May also send the passwords that people type into it.',
  },
  app: {
    label: 'Native or single-page app',
    hint: 'Signs people in with the code flow and has no secret, because it runs on their devices.',
  },
  machine: {
    label: 'Machine',
    hint: 'A program that gets tokens for itself, not for a user.',
  },
  resource_server: {
    label: 'Resource server',
    hint: 'An API or a Lambda that accepts tokens and may check them here.',
  },
}

/** What each algorithm suits. */
export const algorithmWords: Record<SigningAlgorithm, string> = {
  ES256: 'ES256, accepted by every resource server',
  EdDSA: 'EdDSA',
  RS256: 'RS256, for the built-in JWT authorizer of API Gateway',
}

/** What a signing key does. */
export const keyWords: Record<KeyState, string> = {
  waits: 'Published, signs later',
  signs: 'Signs',
  published: 'Published for the tokens it signed',
  kept: 'No longer published',
}
