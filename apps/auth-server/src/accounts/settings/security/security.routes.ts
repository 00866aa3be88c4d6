import { Router } from 'express'
import { acceptBodySignedIn } from '../../../sessions/still-signed-in.ts'
import { checkBody } from '../../../http/read-input.ts'
import { showFormAgain } from '../../../http/pages/show-form.ts'
import { paths } from '../../../http/paths.ts'
import { limitSignIn } from '../../../sign-in/attempts/limit-sign-in.ts'
import { mayEnrol } from '../../../sign-in/second-factor/enroller.ts'
import { freshAtStrongest } from '../../../sign-in/factors/strongest-level.ts'
import { passkeyNameInput, registrationInput } from '../../../sign-in/passkeys/passkey-input.ts'
import { codeInput } from '../../../sign-in/sign-in-input.ts'
import type { AccountDeps } from '../../account-deps.ts'
import { confirmTotp } from './confirm-totp.ts'
import { renderConfirmTotp, makeTotp } from './make-totp.ts'
import { makeNewRecoveryCodes } from './make-new-recovery-codes.ts'
import { removeTotp } from './remove-factor.ts'
import { addPasskey, offerNewPasskey, removePasskey, renamePasskey } from './passkey-settings.ts'
import { renderFactors, showFactors } from './show-factors.ts'

/** Routes to list, add and remove the second factors of an account. */
export function securityRoutes(deps: AccountDeps): Router {
  const router = Router()
  const form = acceptBodySignedIn(deps, { form: true })
  const json = acceptBodySignedIn(deps)
  const again = showFormAgain(renderFactors(deps), { statuses: [400, 401, 409] })
  const fresh = freshAtStrongest(deps)
  router.get(paths.factors, showFactors(deps))
  router.post(paths.totp, mayEnrol(deps), form, makeTotp(deps))
  router.post(
    paths.confirmTotp,
    mayEnrol(deps),
    form,
    checkBody(codeInput),
    limitSignIn(deps, { way: 'account' }),
    confirmTotp(deps),
    showFormAgain(renderConfirmTotp(deps), { statuses: [400, 401, 429] }),
  )
  router.delete(paths.totp, fresh, removeTotp(deps))
  router.post(paths.deleteTotp, fresh, form, removeTotp(deps))
  router.post(paths.newPasskey, mayEnrol(deps), json, offerNewPasskey(deps))
  router.post(
    paths.passkeys,
    mayEnrol(deps),
    form,
    checkBody(registrationInput),
    addPasskey(deps),
    again,
  )
  const passkey = `${paths.passkeys}/:id`
  const rename = [checkBody(passkeyNameInput), renamePasskey(deps)]
  router.patch(passkey, fresh, json, rename)
  router.post(`${passkey}/rename`, fresh, form, rename, again)
  router.delete(passkey, fresh, removePasskey(deps))
  router.post(`${passkey}/delete`, fresh, form, removePasskey(deps))
  router.post(paths.recoveryCodes, fresh, form, makeNewRecoveryCodes(deps))
  return router
}
