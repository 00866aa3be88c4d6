import type { Factors } from './factors.model.ts'

/** The factors as their user and admins may see them, without secrets and keys. */
export function describeFactors({ totp, passkeys, recoveryCodes }: Factors, required: boolean) {
  return {
    totp: totp && { confirmedAt: totp.confirmedAt },
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt, backedUp }) => {
      return { id, name, createdAt, lastUsedAt, backedUp }
    }),
    recoveryCodes: { left: recoveryCodes.length },
    required,
  }
}

export type DescribedFactors = ReturnType<typeof describeFactors>
