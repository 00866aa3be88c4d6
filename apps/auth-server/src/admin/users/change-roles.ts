import type { RequestHandler } from 'express'
import { pageNotFound, validate } from 'service-kit'
import { z } from 'zod'
import { ownAccount } from '../../http/errors.ts'
import type { RenderForm } from '../../http/pages/show-form.ts'
import { textOf } from '../../http/read-input.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { roleInput } from '../../users/user-input.ts'
import { setRoles } from '../../accounts/lifecycle/set-roles.ts'
import { respondDone } from '../respond-done.ts'
import { isOneself, requestedUser } from './requested-user.ts'
import { userRolesPage } from './user-roles.page.ts'

/** A form sends the roles on one line. */
function split(value: unknown): unknown {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value
}

const roleList = z.preprocess(split, z.array(roleInput).max(20))

/** `seen`: the roles the form was opened with. */
export const rolesInput = z.object({ roles: roleList, seen: roleList.optional() })

/** The form for a user's roles. Shows the current ones if somebody else changed them meanwhile. */
export function renderRoles(deps: AdminDeps): RenderForm {
  return async function renderRoles({ code, error, fields }, req) {
    const { id, username, roles } = await requestedUser(deps, req)
    const now = roles.join(' ')
    const asNow = req.method === 'GET' || code === 'changed_meanwhile'
    return userRolesPage(deps.site, {
      id,
      username,
      roles: asNow ? now : textOf(req.body, 'roles'),
      seen: asNow ? now : textOf(req.body, 'seen'),
      isOwn: isOneself(req),
      message: fields.roles ?? error,
    })
  }
}

/** Replaces a user's roles. Admins cannot take the role admin from themselves. */
export function changeRoles(deps: AdminDeps): RequestHandler {
  return async function changeRoles(req, res) {
    const { roles, seen } = validate(rolesInput, req.body)
    if (isOneself(req) && !roles.includes('admin')) throw ownAccount()
    const user = await requestedUser(deps, req)
    const changed = await setRoles(deps, user, { roles, seen, from: req })
    if (!changed && user.deletingAt) throw pageNotFound()
    const notice = changed ? 'roles_changed' : 'roles_same'
    respondDone(deps.site, { req, res, path: `${paths.adminUsers}/${user.id}`, notice })
  }
}
