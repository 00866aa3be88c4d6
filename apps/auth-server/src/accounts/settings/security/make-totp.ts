import type { Request, RequestHandler } from 'express'
import { prefersHtml } from 'service-kit'
import { notSignedIn } from '../../../http/errors.ts'
import { invalidCode } from '../../../sign-in/factors/factor-errors.ts'
import { atField, type RenderForm } from '../../../http/pages/show-form.ts'
import { changeFactors, readFactors } from '../../../sign-in/factors/change-factors.ts'
import { enrollerOf } from '../../../sign-in/second-factor/enroller.ts'
import { hasFactor } from '../../../sign-in/factors/factor-policy.ts'
import { newTotpSecret, qrSvg, totpUri } from '../../../sign-in/totp/totp.ts'
import { totpCipher } from '../../../sign-in/totp/totp-secret.ts'
import type { AccountDeps } from '../../account-deps.ts'
import { totpPage } from './totp.page.ts'

/** Makes a new secret for an authenticator app; it takes effect once a code confirms it. */
export function makeTotp(deps: AccountDeps): RequestHandler {
  return async function makeTotp(req, res) {
    const { user, isPending } = await enrollerOf(deps, req)
    const secret = newTotpSecret()
    const pendingTotp = await totpCipher(deps.config).encrypt(secret)
    await changeFactors(deps.factors, user.id, (now) => {
      if (isPending && hasFactor(now)) throw notSignedIn()
      return { pendingTotp }
    })
    const shown = await showableTotp(deps, { secret, username: user.username })
    if (!prefersHtml(req)) return res.json(shown)
    return res.type('html').send(totpPage(deps.site, { ...shown, error: '', fields: {} }))
  }
}

/** The same page after a wrong code. It keeps the secret, so that nobody has to scan again. */
export function renderConfirmTotp(deps: AccountDeps): RenderForm {
  return async function renderConfirmTotp(problems, req: Request) {
    const { error, fields } = atField(problems, { invalid_code: 'code' })
    const { user } = await enrollerOf(deps, req)
    const { pendingTotp } = await readFactors(deps.factors, user.id)
    if (pendingTotp === null) throw invalidCode()
    const secret = await totpCipher(deps.config).decrypt(pendingTotp)
    const shown = await showableTotp(deps, { secret, username: user.username })
    return totpPage(deps.site, { ...shown, error, fields })
  }
}

async function showableTotp(
  { config }: AccountDeps,
  { secret, username }: { secret: string; username: string },
) {
  const uri = totpUri({ secret, issuer: config.rpName, username })
  return { secret, uri, qr: await qrSvg(uri) }
}
