import type { Config } from '../../config/config.ts'
import type { Factors } from './factors.model.ts'

/** What a sign-in can be completed with, as the interface names it. */
export type FactorName = 'totp' | 'passkey' | 'recovery_code'

/** Whether an account has an authenticator app or a passkey. */
export function hasStrongFactor({ totp, passkeys }: Factors): boolean {
  return totp !== null || passkeys.length > 0
}

/** Whether the password alone does not sign in: recovery codes that are left count, too. */
export function hasFactor(factors: Factors): boolean {
  return hasStrongFactor(factors) || factors.recoveryCodes.length > 0
}

/** What an account can complete a sign-in with. */
export function factorNames({ totp, passkeys, recoveryCodes }: Factors): FactorName[] {
  return [
    ...(totp ? (['totp'] as const) : []),
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(recoveryCodes.length > 0 ? (['recovery_code'] as const) : []),
  ]
}

/** Whether REQUIRE_SECOND_FACTOR wants one of this user. */
export function isFactorRequired(
  { requireSecondFactor }: Pick<Config, 'requireSecondFactor'>,
  { roles }: { roles: readonly string[] },
): boolean {
  return (
    requireSecondFactor === 'all' || (requireSecondFactor === 'admins' && roles.includes('admin'))
  )
}
