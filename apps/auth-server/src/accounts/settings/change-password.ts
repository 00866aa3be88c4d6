import { checkStillSignedIn } from '../../sessions/still-signed-in.ts'
import type { RequestHandler } from 'express'
import { noticeFacts } from '../../http/request-device.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { AccountDeps } from '../account-deps.ts'
import { giveDeviceCookie } from '../../sign-in/devices/device-cookie.ts'
import { setPassword } from '../../users/set-password.ts'
import { changePasswordInput } from './account-input.ts'
import { checkOwnPassword } from './check-own-password.ts'
import { renewSession } from './renew-session.ts'

/**
 * Changes the password of the signed-in user (R6). The user gets an e-mail (R14), every session ends,
 * and this browser gets a new one.
 */
export function changePassword(deps: AccountDeps): RequestHandler {
  return async function changePassword(req, _res, next) {
    const { password, newPassword } = changePasswordInput.parse(req.body)
    const user = await checkOwnPassword(deps, { req, password })
    const sessionsToEnd = new Date()
    const mail = mailEntry({ kind: 'password_changed', to: user.email, data: noticeFacts(req) })
    const set = await setPassword(deps, {
      user,
      password: newPassword,
      field: 'newPassword',
      alongside: { set: { sessionsToEnd }, mail },
      checkLast: () => checkStillSignedIn(deps, req),
    })
    deps.audit.passwordChanged(req, { user })
    deps.relay.wake()
    const changed = { ...user, ...set, sessionsToEnd }
    await renewSession(deps, req, changed, { hasPassword: true })
    giveDeviceCookie(deps.config, req, changed)
    next()
  }
}
