import { type RequestHandler, Router } from 'express'
import { prefersHtml, validate } from 'service-kit'
import { noticeText } from '../../http/pages/notices.ts'
import { showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { acceptAdminBody } from '../machines/guard-admin-routes.ts'
import { listSessions } from '../../sessions/list-sessions.ts'
import { namesAlike } from '../../users/user-names.ts'
import { describedUser } from '../../users/public-user.ts'
import { listUsers } from '../../users/find-user.ts'
import { searchInput } from '../admin-input.ts'
import { adminUserPage } from './admin-user.page.ts'
import { adminUsersPage } from './admin-users.page.ts'
import { askAboutUser, changeUser } from './change-user.ts'
import { askAboutSession, endSessionOf } from './end-user-session.ts'
import { changeRoles, renderRoles } from './change-roles.ts'
import { removeFactors, userActions } from './user-actions.ts'
import { isOneself, requestedUser } from './requested-user.ts'

const PAGE = 50

/**
 * Users: the list, one user's page, and the changes that the command line offers as well. One differs:
 * here, an e-mail to reset a password goes out once in five minutes at most (`user-actions.ts`).
 */
export function adminUserRoutes(deps: AdminDeps): Router {
  const router = Router()
  const user = `${paths.adminUsers}/:id`
  const form = acceptAdminBody(deps)
  router.get(paths.adminUsers, showUsers(deps))
  router.get(user, showUser(deps))
  for (const action of userActions) {
    if (action.question) router.get(`${user}/${action.name}`, askAboutUser(deps, action))
    router.post(`${user}/${action.name}`, form, changeUser(deps, action))
  }
  router.delete(`${user}/factors`, changeUser(deps, removeFactors))
  const roles = renderRoles(deps)
  const again = showFormAgain(roles, { statuses: [400, 403, 409] })
  router.get(`${user}/roles`, showForm(roles))
  router.post(`${user}/roles`, form, changeRoles(deps), again)
  router.get(`${user}/sessions/:session/end`, askAboutSession(deps))
  router.post(`${user}/sessions/:session/end`, form, endSessionOf(deps))
  return router
}

function showUsers({ users, site }: AdminDeps): RequestHandler {
  return async function showUsers(req, res) {
    const { search, after } = validate(searchInput, req.query)
    const found = await listUsers(users, { search, after, limit: PAGE })
    const alike = namesAlike(found.users.map(({ username }) => username))
    const described = found.users.map((user) => ({
      ...describedUser(user),
      looksLike: alike.get(user.username) ?? [],
    }))
    const page = { ...found, users: described }
    if (!prefersHtml(req)) return res.json(page)
    const notice = noticeText(site, req.query.notice)
    return res.type('html').send(adminUsersPage(site, { ...page, search, after, notice }))
  }
}

function showUser(deps: AdminDeps): RequestHandler {
  return async function showUser(req, res) {
    const user = describedUser(await requestedUser(deps, req))
    const sessions = await listSessions(deps, { userId: user.id, sessionId: req.sessionID })
    if (!prefersHtml(req)) return res.json({ user, sessions })
    const notice = noticeText(deps.site, req.query.notice)
    const page = { user, sessions, isOwn: isOneself(req), notice }
    return res.type('html').send(adminUserPage(deps.site, page))
  }
}
