import type { Request, RequestHandler } from 'express'
import { pageNotFound, prefersHtml } from 'service-kit'
import { notSignedIn } from '../../../http/errors.ts'
import { noticeUrl } from '../../../http/pages/notices.ts'
import { paths } from '../../../http/paths.ts'
import { changeFactors } from '../../../sign-in/factors/change-factors.ts'
import { hasFactor, isFactorRequired } from '../../../sign-in/factors/factor-policy.ts'
import type { Factors } from '../../../sign-in/factors/factors.model.ts'
import { tellFactorsChanged } from '../../../sign-in/factors/tell-factors-changed.ts'
import { invalidPasskey } from '../../../sign-in/passkeys/passkey-errors.ts'
import { passkeyNameInput, registrationInput } from '../../../sign-in/passkeys/passkey-input.ts'
import { passkeyCreation, verifyNewPasskey } from '../../../sign-in/passkeys/register-passkey.ts'
import { makeRecoveryCodes } from '../../../sign-in/recovery-codes/recovery-codes.ts'
import { enrollerOf, enterWithFactor } from '../../../sign-in/second-factor/enroller.ts'
import type { AccountDeps } from '../../account-deps.ts'
import { showAdded } from './recovery-codes.page.ts'
import { answerRemoved, withoutDeadEnd } from './remove-factor.ts'

/** Answers with the creation options for a new passkey. */
export function offerNewPasskey(deps: AccountDeps): RequestHandler {
  return async function offerNewPasskey(req, res) {
    const { user } = await enrollerOf(deps, req)
    res.json(await passkeyCreation(deps, req, user))
  }
}

/** Adds a passkey. An account's first factor comes with recovery codes. */
export function addPasskey(deps: AccountDeps): RequestHandler {
  return async function addPasskey(req, res) {
    const { user, isPending } = await enrollerOf(deps, req)
    const passkey = await verifyNewPasskey(deps, req, registrationInput.parse(req.body))
    const taken = await deps.factors.exists({ 'passkeys.id': { $eq: passkey.id } })
    if (taken) throw invalidPasskey()
    const { codes, hashes } = makeRecoveryCodes()
    const changed = await changeFactors(deps.factors, user.id, (now) => {
      if (isPending && hasFactor(now)) throw notSignedIn()
      const passkeys = [...now.passkeys, passkey]
      return now.recoveryCodes.length === 0 ? { passkeys, recoveryCodes: hashes } : { passkeys }
    })
    await enterWithFactor(deps, req, 'pop')
    await tell(deps, req, user, 'passkey_added')
    const recoveryCodes = changed.recoveryCodes === hashes ? codes : undefined
    if (prefersHtml(req)) return showAdded(deps, res, recoveryCodes)
    const { id, name } = passkey
    return res.status(201).json({ id, name, ...(recoveryCodes && { recoveryCodes }) })
  }
}

/** Renames a passkey. */
export function renamePasskey(deps: AccountDeps): RequestHandler {
  return async function renamePasskey(req, res) {
    if (!req.user) throw notSignedIn()
    const { name } = passkeyNameInput.parse(req.body)
    const id = String(req.params.id)
    await changeFactors(deps.factors, req.user.id, (now) => ({
      passkeys: found(now, id).passkeys.map((one) => (one.id === id ? { ...one, name } : one)),
    }))
    if (prefersHtml(req)) res.redirect(303, noticeUrl(deps.site, paths.factors, 'passkey_renamed'))
    else res.status(204).end()
  }
}

/** Removes a passkey. */
export function removePasskey(deps: AccountDeps): RequestHandler {
  return async function removePasskey(req, res) {
    const { user } = req
    if (!user) throw notSignedIn()
    const id = String(req.params.id)
    const required = isFactorRequired(deps.config, user)
    await changeFactors(deps.factors, user.id, (now) => {
      const passkeys = found(now, id).passkeys.filter((one) => one.id !== id)
      return withoutDeadEnd(now, { passkeys }, required)
    })
    await tell(deps, req, user, 'passkey_removed')
    answerRemoved(deps, req, res)
  }
}

/** The factors, if they contain that passkey. @throws Problem 404 */
function found(now: Factors, id: string): Factors {
  if (now.passkeys.every((one) => one.id !== id)) throw pageNotFound()
  return now
}

async function tell(
  deps: AccountDeps,
  req: Request,
  user: { id: string; username: string; email: string },
  change: 'passkey_added' | 'passkey_removed',
): Promise<void> {
  deps.audit.factorsChanged(req, { user, change })
  await tellFactorsChanged(deps, req, { user, change })
}
