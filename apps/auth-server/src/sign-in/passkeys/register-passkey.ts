import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { Request } from 'express'
import type { z } from 'zod'
import { readFactors } from '../factors/change-factors.ts'
import type { Passkey } from '../factors/factors.model.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { keepChallenge, takeChallenge } from './passkey-challenge.ts'
import { invalidPasskey } from './passkey-errors.ts'
import type { registrationInput } from './passkey-input.ts'
import { relyingParty } from './relying-party.ts'

type Deps = Pick<SignInDeps, 'config' | 'factors'>

/** Creation options (WebAuthn L3 §5.4): if possible, a discoverable passkey that verifies its user. */
export async function passkeyCreation(
  deps: Deps,
  req: Request,
  user: { id: string; username: string },
) {
  const rp = relyingParty(deps.config)
  const { passkeys } = await readFactors(deps.factors, user.id)
  const options = await generateRegistrationOptions({
    rpName: rp.name,
    rpID: rp.id,
    userID: new TextEncoder().encode(user.id),
    userName: user.username,
    attestationType: 'none',
    excludeCredentials: passkeys.map(({ id, transports }) => ({ id, transports })),
    // A security key without either is still a second factor after the password.
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  keepChallenge(req, options.challenge, 'register')
  return options
}

/** Verifies the browser's answer (WebAuthn L3 §7.1). @throws Problem 401 `invalid_passkey` */
export async function verifyNewPasskey(
  { config }: Deps,
  req: Request,
  { name, ...response }: z.output<typeof registrationInput>,
): Promise<Passkey> {
  const rp = relyingParty(config)
  const { transports = [] } = response.response
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      ...response,
      response: {
        clientDataJSON: response.response.clientDataJSON,
        attestationObject: response.response.attestationObject,
      },
      clientExtensionResults: {},
    },
    expectedChallenge: takeChallenge(req, 'register'),
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: false,
  }).catch((cause: unknown) => {
    throw invalidPasskey(cause)
  })
  if (!verified) throw invalidPasskey()
  const { credential, credentialBackedUp } = registrationInfo
  return {
    id: credential.id,
    name,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    backedUp: credentialBackedUp,
    transports,
    createdAt: new Date(),
    lastUsedAt: null,
  }
}
