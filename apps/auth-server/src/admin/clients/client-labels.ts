import type { KeyState } from '../../oauth/clients/describe-keys.ts'
import type { ClientKind, SigningAlgorithm } from '../../oauth/clients/client.model.ts'

/** What each kind of client is, for people. */
export const kindWords: Record<ClientKind, { label: string; hint: string }> = {
  site: {
    label: 'Client site',
    hint: 'Sends people here to sign in, and gets them back with a code.',
  },
  first_party: {
    label: 'App of our own',
    hint: 'May also hand over passwords that people type into it.',
  },
  app: {
    label: 'Native or single-page app',
    hint: 'Signs people in by the code flow and has no secret: it runs on their own devices.',
  },
  machine: {
    label: 'Machine',
    hint: 'A program that asks for tokens of its own, for no user.',
  },
  resource_server: {
    label: 'Resource server',
    hint: 'An API or a Lambda that tokens are for, and that may ask whether one is good.',
  },
}

/** What each algorithm is good for. */
export const algorithmWords: Record<SigningAlgorithm, string> = {
  ES256: 'ES256, which every resource server takes',
  EdDSA: 'EdDSA',
  RS256: 'RS256, for the built-in JWT authorizer of API Gateway',
}

/** What a signing key does. */
export const keyWords: Record<KeyState, string> = {
  waits: 'Published, and waits for its time',
  signs: 'Signs',
  published: 'Published, for what it signed',
  kept: 'Published no longer',
}
