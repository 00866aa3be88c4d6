import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { Request } from 'express'
import type { z } from 'zod'
import { changeFactors } from '../factors/change-factors.ts'
import type { Factors, Passkey } from '../factors/factors.model.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { takeChallenge } from './passkey-challenge.ts'
import { invalidPasskey } from './passkey-errors.ts'
import type { assertionInput } from './passkey-input.ts'
import { relyingParty } from './relying-party.ts'

type Assertion = z.output<typeof assertionInput>
type Deps = Pick<SignInDeps, 'config' | 'factors' | 'audit'>
type Given = {
  user: { id: string; username: string }
  assertion: Assertion
  /** By fingerprint, face or PIN. Without a password, only this makes two factors. */
  mustVerifyUser: boolean
}

/**
 * Verifies an assertion of one of the user's passkeys (WebAuthn L3 §7.2) and records its use. The check
 * runs inside the compare-and-set, so that the signature counter is compared with the latest one.
 *
 * @throws Problem 401 `invalid_passkey`
 */
export async function verifyPasskey(deps: Deps, req: Request, given: Given): Promise<void> {
  const { user, assertion } = given
  const handle = assertion.response.userHandle
  if (handle !== undefined && userIdOf(handle) !== user.id) throw invalidPasskey()
  const challenge = takeChallenge(req, 'sign_in')
  await changeFactors(deps.factors, user.id, async (now) => {
    const passkey = now.passkeys.find(({ id }) => id === assertion.id)
    if (!passkey) throw invalidPasskey()
    const counter = await counterOf(deps, passkey, { ...given, challenge })
    checkCounter(deps, req, { user, passkey, counter })
    return withUse(now, { ...passkey, counter, lastUsedAt: new Date() })
  })
}

/** The user id in a passkey's user handle. */
export function userIdOf(handle: string): string {
  return Buffer.from(handle, 'base64url').toString()
}

async function counterOf(
  { config }: Deps,
  { id, publicKey }: Passkey,
  { assertion, mustVerifyUser, challenge }: Given & { challenge: string },
): Promise<number> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty(config)
  const { id: _, rawId, type, response } = assertion
  const { userHandle, ...signed } = response
  const result = await verifyAuthenticationResponse({
    response: {
      id,
      rawId,
      type,
      response: { ...signed, ...(userHandle !== undefined && { userHandle }) },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin,
    expectedRPID,
    // `checkCounter` compares counters, because a synced passkey's may go down.
    credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
    requireUserVerification: mustVerifyUser,
  }).catch((cause: unknown) => {
    throw invalidPasskey(cause)
  })
  if (!result.verified) throw invalidPasskey()
  return result.authenticationInfo.newCounter
}

/** A counter that does not grow is a sign of a copy (WebAuthn L3 §6.1.1), except for synced passkeys. */
function checkCounter(
  { audit }: Deps,
  req: Request,
  { user, passkey, counter }: { user: Given['user']; passkey: Passkey; counter: number },
): void {
  const isFresh = counter > passkey.counter || (counter === 0 && passkey.counter === 0)
  if (isFresh) return
  audit.passkeyCounterLow(req, { user, result: passkey.backedUp ? 'accepted' : 'refused' })
  if (!passkey.backedUp) throw invalidPasskey()
}

function withUse({ passkeys }: Factors, used: Passkey): Partial<Factors> {
  return { passkeys: passkeys.map((passkey) => (passkey.id === used.id ? used : passkey)) }
}
