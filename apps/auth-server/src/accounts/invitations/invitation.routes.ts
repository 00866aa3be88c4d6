import { acceptBodySignedIn } from '../../sessions/still-signed-in.ts'
import { type RequestHandler, Router } from 'express'
import { pageNotFound, validate } from 'service-kit'
import { guardAdmin } from '../../sign-in/factors/guard-admin.ts'
import { inviteUsed } from '../../http/errors.ts'
import { checkBody, pageInput } from '../../http/read-input.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { createInvite } from './create-invite.ts'
import { findOpenInvite } from './find-invite.ts'
import { inviteInput } from './invite-input.ts'
import { listInvites } from './list-invites.ts'
import { revokeInvite } from './revoke-invite.ts'

/**
 * Routes for invites. Admins create, list and revoke them, behind the guard of the admin pages;
 * anybody with the token may check whether it is valid.
 */
export function invitationRoutes(deps: AccountDeps): Router {
  const router = Router()
  const admin = guardAdmin(deps)
  const body = acceptBodySignedIn(deps)
  router.post(paths.invites, admin, body, checkBody(inviteInput), answerNewInvite(deps))
  router.get(paths.invites, admin, answerInvites(deps))
  router.get(`${paths.invites}/:token`, answerValidity(deps))
  router.delete(`${paths.invites}/:id`, admin, revoke(deps))
  return router
}

function answerNewInvite(deps: AccountDeps): RequestHandler {
  return async function answerNewInvite(req, res) {
    const invite = await createInvite(deps, { ...inviteInput.parse(req.body), from: req })
    deps.relay.wake()
    res.status(201).json(invite)
  }
}

function answerInvites(deps: AccountDeps): RequestHandler {
  return async function answerInvites(req, res) {
    res.json(await listInvites(deps, validate(pageInput, req.query)))
  }
}

function revoke(deps: AccountDeps): RequestHandler {
  return async function revoke(req, res) {
    const outcome = await revokeInvite(deps, { id: String(req.params.id), from: req })
    if (outcome === null) throw pageNotFound()
    if (outcome === 'used') throw inviteUsed()
    res.status(204).end()
  }
}

function answerValidity(deps: AccountDeps): RequestHandler {
  return async function answerValidity(req, res) {
    const invite = await findOpenInvite(deps, String(req.params.token))
    if (!invite) throw pageNotFound()
    res.json({ valid: true, ...(invite.email !== null && { email: invite.email }) })
  }
}
