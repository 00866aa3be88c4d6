import type { ErrorRequestHandler, RequestHandler } from 'express'
import { pageNotFound, prefersHtml, Problem, validate } from 'service-kit'
import { z } from 'zod'
import { ownAccount } from '../errors.ts'
import { textOf } from '../http/text-of.ts'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { roleInput } from '../users/role-input.ts'
import { setRoles } from '../users/set-roles.ts'
import { answerDone } from './answer-done.ts'
import { isOneself, userOfRequest } from './user-of-request.ts'
import { userRolesPage } from './user-roles.page.ts'

/** From a form they come in one line. */
function split(value: unknown): unknown {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value
}

const roleList = z.preprocess(split, z.array(roleInput).max(20))

/** `seen`: what the roles were when the form was opened. */
export const rolesInput = z.object({ roles: roleList, seen: roleList.optional() })

/** The form for the roles of a user. */
export function showRoles(deps: RouteDeps): RequestHandler {
  return async function showRoles(req, res) {
    const { id, username, roles } = await userOfRequest(deps, req)
    const now = roles.join(' ')
    const page = { id, username, roles: now, seen: now, isOwn: isOneself(req) }
    res.type('html').send(userRolesPage(deps.site, page))
  }
}

/** Gives a user these roles and no others. Nobody takes the role admin from themselves. */
export function changeRoles(deps: RouteDeps): RequestHandler {
  return async function changeRoles(req, res) {
    const { roles, seen } = validate(rolesInput, req.body)
    if (isOneself(req) && !roles.includes('admin')) throw ownAccount()
    const user = await userOfRequest(deps, req)
    const changed = await setRoles(deps, user, { roles, seen, from: req })
    if (!changed && user.deletingAt) throw pageNotFound()
    const notice = changed ? 'roles_changed' : 'roles_same'
    answerDone(deps.site, { req, res, path: `${paths.adminUsers}/${user.id}`, notice })
  }
}

/** What was wrong with the roles, on the form they came from, or on one with what they are now. */
export function showRolesAgain(deps: RouteDeps): ErrorRequestHandler {
  return async function showRolesAgain(error: unknown, req, res, next) {
    const isAboutInput = error instanceof Problem && [400, 403, 409].includes(error.status)
    if (!isAboutInput || !prefersHtml(req)) return next(error)
    const user = await userOfRequest(deps, req)
    const now = user.roles.join(' ')
    const shown =
      error.code === 'changed_meanwhile'
        ? { roles: now, seen: now }
        : { roles: textOf(req.body, 'roles'), seen: textOf(req.body, 'seen') }
    const message = error.fields.at(0)?.message ?? error.message
    const { id, username } = user
    const page = { id, username, ...shown, isOwn: isOneself(req), message }
    return res.status(error.status).type('html').send(userRolesPage(deps.site, page))
  }
}
