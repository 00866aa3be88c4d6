import type { RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../../http/errors.ts'
import { noFactor } from '../../../sign-in/factors/factor-errors.ts'
import { changeFactors } from '../../../sign-in/factors/change-factors.ts'
import { hasFactor } from '../../../sign-in/factors/factor-policy.ts'
import { tellFactorsChanged } from '../../../sign-in/factors/tell-factors-changed.ts'
import { makeRecoveryCodes } from '../../../sign-in/recovery-codes/recovery-codes.ts'
import type { AccountDeps } from '../../account-deps.ts'
import { recoveryCodesPage } from './recovery-codes.page.ts'

/** Makes ten new recovery codes, which replace the old ones. */
export function makeNewRecoveryCodes(deps: AccountDeps): RequestHandler {
  return async function makeNewRecoveryCodes(req, res) {
    const { user } = req
    if (!user) throw notSignedIn()
    const { codes, hashes } = makeRecoveryCodes()
    await changeFactors(deps.factors, user.id, (now) => {
      if (!hasFactor(now)) throw noFactor()
      return { recoveryCodes: hashes }
    })
    deps.audit.factorsChanged(req, { user, change: 'recovery_codes_made' })
    await tellFactorsChanged(deps, req, { user, change: 'recovery_codes_made' })
    if (!prefersHtml(req)) return res.json({ recoveryCodes: codes })
    return res.type('html').send(recoveryCodesPage(deps.site, { codes }))
  }
}
