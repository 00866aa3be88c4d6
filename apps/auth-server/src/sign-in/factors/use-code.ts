import type { Request } from 'express'
import { invalidCode } from './factor-errors.ts'
import { hashRecoveryCode } from '../recovery-codes/recovery-codes.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { stepOfCode } from '../totp/totp.ts'
import { totpCipher } from '../totp/totp-secret.ts'
import { changeFactors } from './change-factors.ts'
import type { Factors } from './factors.model.ts'
import { tellFactorsChanged, type TellDeps } from './tell-factors-changed.ts'

export type CodeDeps = TellDeps & Pick<SignInDeps, 'factors'>

type Given = { user: { id: string; username: string; email: string }; code: string }

/**
 * Uses up a code: six digits of the user's authenticator app, or a recovery code. Each works once, even if
 * several requests send it at the same time.
 *
 * @throws Problem 401 `invalid_code`
 */
export async function useCode(deps: CodeDeps, req: Request, { user, code }: Given): Promise<void> {
  const digits = code.replaceAll(/[\s-]/g, '')
  const isTotp = /^\d{6}$/.test(digits)
  const changed = await changeFactors(deps.factors, user.id, (now) =>
    isTotp ? spendTotp(deps, now, digits) : spendRecoveryCode(now, code),
  )
  if (isTotp) return
  const left = String(changed.recoveryCodes.length)
  deps.audit.recoveryCodeUsed(req, { user, left })
  await tellFactorsChanged(deps, req, { user, change: 'recovery_code_used', left })
}

async function spendTotp(
  { config }: CodeDeps,
  { totp }: Factors,
  code: string,
): Promise<Partial<Factors>> {
  if (!totp) throw invalidCode()
  const secret = await totpCipher(config).decrypt(totp.secret)
  const { lastStep } = totp
  const step = await stepOfCode({ secret, code, lastStep, drift: config.totpDrift })
  if (step === undefined) throw invalidCode()
  return { totp: { ...totp, lastStep: step } }
}

function spendRecoveryCode({ recoveryCodes }: Factors, code: string): Partial<Factors> {
  const hash = hashRecoveryCode(code)
  if (!recoveryCodes.includes(hash)) throw invalidCode()
  return { recoveryCodes: recoveryCodes.filter((one) => one !== hash) }
}
