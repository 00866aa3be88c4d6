import type { Config } from '../../config/config.ts'
import type { Factors } from './factors.model.ts'

/** A factor that completes a sign-in, by its name in the interface. */
export type FactorName = 'totp' | 'passkey' | 'recovery_code'

/** Whether an account has an authenticator app or a passkey. */
export function hasStrongFactor({ totp, passkeys }: Factors): boolean {
  return totp !== null || passkeys.length > 0
}

/** Whether a sign-in needs more than the password. Remaining recovery codes count too. */
export function hasFactor(factors: Factors): boolean {
  return hasStrongFactor(factors) || factors.recoveryCodes.length > 0
}

/** The factors that can complete a sign-in of the account. */
export function factorNames({ totp, passkeys, recoveryCodes }: Factors): FactorName[] {
  return [
    ...(totp ? (['totp'] as const) : []),
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(recoveryCodes.length > 0 ? (['recovery_code'] as const) : []),
  ]
}

/** Whether REQUIRE_SECOND_FACTOR applies to this user. */
export function isFactorRequired(
  { requireSecondFactor }: Pick<Config, 'requireSecondFactor'>,
  { roles }: { roles: readonly string[] },
): boolean {
  return (
    requireSecondFactor === 'all' || (requireSecondFactor === 'admins' && roles.includes('admin'))
  )
}
