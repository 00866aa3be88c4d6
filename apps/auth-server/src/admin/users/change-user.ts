import type { RequestHandler } from 'express'
import { pageNotFound } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { findUserById } from '../../users/find-user.ts'
import { answerDone } from '../respond-done.ts'
import { confirmPage } from '../confirm.page.ts'
import type { UserAct } from './user-actions.ts'
import { refuseForOneself, userOfRequest } from './requested-user.ts'
import type { AdminNotice } from '../admin.notices.ts'

/** Asks once before it is done. */
export function askAboutUser(
  deps: AdminDeps,
  { name, question, toOthersOnly }: UserAct,
): RequestHandler {
  return async function askAboutUser(req, res) {
    if (toOthersOnly) refuseForOneself(req)
    const user = await userOfRequest(deps, req)
    const back = `${paths.adminUsers}/${user.id}`
    const { text = '', button = '', title } = question ?? {}
    const page = { title: title?.(user) ?? '', text, button, back, action: `${back}/${name}` }
    res.type('html').send(confirmPage(deps.site, { section: paths.adminUsers, ...page }))
  }
}

/** Does it, and says so on the user's page, or on the list where the user is gone then. */
export function changeUser(deps: AdminDeps, act: UserAct): RequestHandler {
  return async function changeUser(req, res) {
    if (act.toOthersOnly) refuseForOneself(req)
    const user = await findUserById(deps.users, String(req.params.id))
    const notice: AdminNotice | undefined = user ? await act.perform(deps, user, req) : undefined
    if (act.removes) {
      const path = paths.adminUsers
      return answerDone(deps.site, { req, res, path, notice: 'user_deleted' })
    }
    if (!user || !notice) throw pageNotFound()
    return answerDone(deps.site, { req, res, path: `${paths.adminUsers}/${user.id}`, notice })
  }
}
