import type { Request, RequestHandler } from 'express'
import { acceptBody, pageNotFound } from 'service-kit'
import { insufficientScope, invalidRequest } from '../../oauth/oauth-error.ts'
import { checkStillSignedIn } from '../../sessions/still-signed-in.ts'
import { guardAdmin } from '../../sign-in/factors/guard-admin.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { adminScopeOf } from './admin-scopes.ts'
import { admitMachine, type Machine } from './admit-machine.ts'

/**
 * Admits admins by their session, and machine clients by an access token with the scope of the section.
 * Mount it on `/admin`.
 */
export function guardAdminRoutes(deps: AdminDeps): RequestHandler[] {
  return [
    async function recogniseMachine(req, _res, next) {
      const machine = await admitMachine(deps, req)
      if (machine) {
        checkMachine(req, machine)
        req.machine = machine
      }
      next()
    },
    ...guardAdmin(deps).map((guard): RequestHandler => {
      return function unlessMachine(req, res, next) {
        return req.machine ? next() : guard(req, res, next)
      }
    }),
  ]
}

/** @throws Problem 400 `invalid_request`, 403 `insufficient_scope`, or 404 for an unknown section */
function checkMachine(req: Request, { scopes }: Machine): void {
  if (req.user) throw invalidRequest('Send a session or an access token, not both.')
  const needed = adminScopeOf(req)
  if (needed === undefined) throw pageNotFound()
  if (!scopes.includes(needed)) throw insufficientScope(needed)
}

/** Accepts the body of a change, then checks that what admitted the request still holds (R85). */
export function acceptAdminBody(deps: AdminDeps): RequestHandler[] {
  return [
    ...acceptBody({ form: true }),
    async function stillAdmitted(req, _res, next) {
      if (req.machine) await admitMachine(deps, req)
      else await checkStillSignedIn(deps, req)
      next()
    },
  ]
}
