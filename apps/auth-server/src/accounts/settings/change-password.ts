import type { RequestHandler } from 'express'
import { noticeFacts } from '../../http/request-device.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import type { AccountDeps } from '../account-deps.ts'
import { setPassword } from '../../users/set-password.ts'
import { changePasswordInput } from './account-input.ts'
import { checkOwnPassword } from './check-own-password.ts'
import { endMarkedSessions } from '../../sessions/end-marked-sessions.ts'
import { renewSession } from './renew-session.ts'

/**
 * Gives the signed-in user another password (R6). The user is told by mail (R14), every session
 * ends, and this browser gets a new one.
 */
export function changePassword(deps: AccountDeps): RequestHandler {
  return async function changePassword(req, _res, next) {
    const { password, newPassword } = changePasswordInput.parse(req.body)
    const user = await checkOwnPassword(deps, { req, password })
    const sessionsToEnd = new Date()
    const mail = mailEntry({ kind: 'password_changed', to: user.email, data: noticeFacts(req) })
    const passwordHash = await setPassword(deps, {
      user,
      password: newPassword,
      field: 'newPassword',
      alongside: { set: { sessionsToEnd }, mail },
    })
    deps.audit.passwordChanged(req, { user })
    deps.relay.wake()
    await endMarkedSessions(deps, { id: user.id, sessionsToEnd })
    await renewSession(deps, req, { ...user, passwordHash }, { hasPassword: true })
    next()
  }
}
