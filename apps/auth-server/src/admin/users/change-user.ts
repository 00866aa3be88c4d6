import type { RequestHandler } from 'express'
import { pageNotFound } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { findUserById } from '../../users/find-user.ts'
import { respondDone } from '../respond-done.ts'
import { confirmPage } from '../confirm.page.ts'
import type { UserAction } from './user-actions.ts'
import { refuseForOneself, requestedUser } from './requested-user.ts'
import type { AdminNotice } from '../admin.notices.ts'

/** Shows the confirmation page of an action. */
export function askAboutUser(
  deps: AdminDeps,
  { name, question, toOthersOnly }: UserAction,
): RequestHandler {
  return async function askAboutUser(req, res) {
    if (toOthersOnly) refuseForOneself(req)
    const user = await requestedUser(deps, req)
    const back = `${paths.adminUsers}/${user.id}`
    const { text = '', button = '', title } = question ?? {}
    const page = { title: title?.(user) ?? '', text, button, back, action: `${back}/${name}` }
    res.type('html').send(confirmPage(deps.site, { section: paths.adminUsers, ...page }))
  }
}

/** Performs an action, and says so on the user's page, or on the list if the user is gone. */
export function changeUser(deps: AdminDeps, action: UserAction): RequestHandler {
  return async function changeUser(req, res) {
    if (action.toOthersOnly) refuseForOneself(req)
    const user = await findUserById(deps.users, String(req.params.id))
    const notice: AdminNotice | undefined = user ? await action.perform(deps, user, req) : undefined
    if (action.removes) {
      const path = paths.adminUsers
      return respondDone(deps.site, { req, res, path, notice: 'user_deleted' })
    }
    if (!user || !notice) throw pageNotFound()
    return respondDone(deps.site, { req, res, path: `${paths.adminUsers}/${user.id}`, notice })
  }
}
