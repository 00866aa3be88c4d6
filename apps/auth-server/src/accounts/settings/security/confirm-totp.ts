import type { Request, RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../../http/errors.ts'
import { invalidCode } from '../../../sign-in/factors/factor-errors.ts'
import { attemptPassword } from '../../../sign-in/attempts/attempt-password.ts'
import { changeFactors } from '../../../sign-in/factors/change-factors.ts'
import {
  type Enroller,
  enrollerOf,
  enterWithFactor,
} from '../../../sign-in/second-factor/enroller.ts'
import { hasFactor } from '../../../sign-in/factors/factor-policy.ts'
import type { Factors } from '../../../sign-in/factors/factors.model.ts'
import { tellFactorsChanged } from '../../../sign-in/factors/tell-factors-changed.ts'
import { makeRecoveryCodes } from '../../../sign-in/recovery-codes/recovery-codes.ts'
import { codeInput } from '../../../sign-in/sign-in-input.ts'
import { stepOfCode } from '../../../sign-in/totp/totp.ts'
import { totpCipher } from '../../../sign-in/totp/totp-secret.ts'
import type { AccountDeps } from '../../account-deps.ts'
import { showAdded } from './recovery-codes.page.ts'

/**
 * Confirms an authenticator app with its first code, which makes it a second factor. An account's
 * first factor comes with recovery codes.
 */
export function confirmTotp(deps: AccountDeps): RequestHandler {
  return async function confirmTotp(req, res) {
    const enroller = await enrollerOf(deps, req)
    const { user } = enroller
    const attempt = { req, way: 'account', as: { user } } as const
    const recoveryCodes = await attemptPassword(deps, attempt, () => confirm(deps, req, enroller))
    await enterWithFactor(deps, req, 'otp')
    deps.audit.factorsChanged(req, { user, change: 'totp_added' })
    await tellFactorsChanged(deps, req, { user, change: 'totp_added' })
    if (!prefersHtml(req)) return res.json(recoveryCodes ? { recoveryCodes } : {})
    return showAdded(deps, res, recoveryCodes)
  }
}

/** @returns the recovery codes, if these are the account's first */
async function confirm(
  deps: AccountDeps,
  req: Request,
  { user, isPending }: Enroller,
): Promise<string[] | undefined> {
  const { code } = codeInput.parse(req.body)
  const { codes, hashes } = makeRecoveryCodes()
  let isFirst = false
  await changeFactors(deps.factors, user.id, async (now) => {
    if (isPending && hasFactor(now)) throw notSignedIn()
    isFirst = now.recoveryCodes.length === 0
    const totp = await confirmedTotp(deps, now, code)
    return { totp, pendingTotp: null, ...(isFirst && { recoveryCodes: hashes }) }
  })
  return isFirst ? codes : undefined
}

async function confirmedTotp(
  { config }: AccountDeps,
  { pendingTotp }: Factors,
  code: string,
): Promise<NonNullable<Factors['totp']>> {
  if (pendingTotp === null) throw invalidCode()
  const secret = await totpCipher(config).decrypt(pendingTotp)
  const digits = code.replaceAll(/[\s-]/g, '')
  const step = await stepOfCode({ secret, code: digits, lastStep: -1, drift: config.totpDrift })
  if (step === undefined) throw invalidCode()
  return { secret: pendingTotp, confirmedAt: new Date(), lastStep: step }
}
