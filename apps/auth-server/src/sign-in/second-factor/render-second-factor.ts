import { atField, type RenderForm } from '../../http/pages/show-form.ts'
import { readFactors } from '../factors/change-factors.ts'
import { factorNames } from '../factors/factor-policy.ts'
import { returnAddress } from '../return-to.ts'
import type { SignInDeps } from '../sign-in-deps.ts'
import { readPending } from './pending-sign-in.ts'
import { secondFactorPage } from './second-factor.page.ts'

/** Renders the form for the second factor of a pending step. */
export function renderSecondFactor(deps: SignInDeps): RenderForm {
  return async function renderSecondFactor(problems, req) {
    const { error, fields } = atField(problems, { invalid_code: 'code' })
    const pending = await readPending(deps, req)
    const factors = pending ? factorNames(await readFactors(deps.factors, pending.id)) : []
    const returnTo = returnAddress(deps, req)
    return secondFactorPage(deps.site, { factors, returnTo, error, fields })
  }
}
