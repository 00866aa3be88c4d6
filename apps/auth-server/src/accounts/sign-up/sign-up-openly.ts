import { domainToASCII } from 'node:url'
import type { RedisClient } from 'auth-kit/session'
import type { Config } from '../../config/config.ts'
import { usernameTaken } from '../../http/errors.ts'
import { hashPassword } from '../../users/hashing/hash-password.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { Users } from '../../users/user.model.ts'
import { isNameTaken } from '../reservations/is-name-taken.ts'
import { useProof } from '../reservations/proof-of-work.ts'
import { reserveAccount } from '../reservations/reserve-account.ts'
import type { Reservations } from '../reservations/reservation.model.ts'
import { inviteNeeded } from '../reservations/sign-up-errors.ts'
import { takeSignUpMail } from '../reservations/sign-up-budget.ts'
import type { SignUpInput } from './sign-up-input.ts'

type Deps = {
  users: Users
  reservations: Reservations
  redis: RedisClient
  keyPrefix: string
  config: Pick<Config, 'bcryptCost' | 'mailSecrets' | 'signUp' | 'signUpMailsPerHour'>
}

/**
 * Signs somebody up without an invite. There is no user until the owner of the mailbox confirms it
 * with the password: only a reservation, which is the same for every address (R9, C25).
 *
 * @throws Problem 403 `invite_needed`, 409 `username_taken`, 429 `proof_needed` or
 *   `too_many_attempts` if this hour's e-mails are used
 */
export async function signUpOpenly(
  deps: Deps,
  { username, email, password, altcha }: SignUpInput,
): Promise<void> {
  checkMaySignUp(deps.config, email)
  if (await isNameTaken(deps, { username, email })) throw usernameTaken()
  const isProven = altcha !== '' && (await useProof(deps, altcha))
  await takeSignUpMail(deps, { isProven })
  const passwordHash = await hashPassword(password, deps.config.bcryptCost)
  await reserveAccount(deps.reservations, { username, email, passwordHash })
}

/** @throws Problem 403 `invite_needed` if SIGN_UP wants an invite for this address */
function checkMaySignUp({ signUp }: Pick<Config, 'signUp'>, email: string): void {
  if (signUp.by === 'anybody') return
  if (signUp.by === 'invite') throw inviteNeeded()
  const domain = domainToASCII(normalizeIdentity(email).split('@').at(-1) ?? '')
  const isListed = signUp.domains.some((listed) => domainToASCII(listed) === domain)
  if (!isListed) throw inviteNeeded(signUp.domains)
}
