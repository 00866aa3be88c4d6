import { type Request, type RequestHandler, Router } from 'express'
import { pageNotFound, prefersHtml, validate } from 'service-kit'
import { inviteUsed } from '../../http/errors.ts'
import { checkBody, pageInput, textOf } from '../../http/read-input.ts'
import { noticeText } from '../../http/pages/notices.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { type RenderForm, showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { createInvite, INVITE_DAYS } from '../../accounts/invitations/create-invite.ts'
import { inviteFormInput } from '../../accounts/invitations/invite-input.ts'
import { findInviteById } from '../../accounts/invitations/find-invite.ts'
import { listInvites } from '../../accounts/invitations/list-invites.ts'
import { revokeInvite } from '../../accounts/invitations/revoke-invite.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { acceptAdminBody } from '../machines/guard-admin-routes.ts'
import { adminInvitesPage } from './admin-invites.page.ts'
import { respondDone } from '../respond-done.ts'
import { confirmPage } from '../confirm.page.ts'
import { inviteMadePage } from './invite-made.page.ts'
import { newInvitePage } from './new-invite.page.ts'

/** Invitations: the list, the form for a new one, and revoking. */
export function adminInviteRoutes(deps: AdminDeps): Router {
  const router = Router()
  const form = acceptAdminBody(deps)
  const newInvite = renderNewInvite(deps.site)
  router.get(paths.adminInvites, showInvites(deps))
  router.get(paths.adminNewInvite, showForm(newInvite))
  router.post(
    paths.adminInvites,
    form,
    checkBody(inviteFormInput),
    makeInvite(deps),
    showFormAgain(newInvite, { statuses: [400] }),
  )
  router.get(`${paths.adminInvites}/:id/revoke`, askAboutInvite(deps))
  router.post(`${paths.adminInvites}/:id/revoke`, form, revoke(deps))
  return router
}

function showInvites(deps: AdminDeps): RequestHandler {
  return async function showInvites(req, res) {
    const { after } = validate(pageInput, req.query)
    const page = await listInvites(deps, { after })
    if (!prefersHtml(req)) return res.json(page)
    const notice = noticeText(deps.site, req.query.notice)
    return res.type('html').send(adminInvitesPage(deps.site, { ...page, after, notice }))
  }
}

function renderNewInvite(site: Site): RenderForm {
  return ({ error, fields }, { body }: Request) =>
    newInvitePage(site, {
      error,
      email: textOf(body, 'email'),
      expiresInDays: textOf(body, 'expiresInDays') || String(INVITE_DAYS),
      fields,
    })
}

/** The link is only in this answer: it is not stored. */
function makeInvite(deps: AdminDeps): RequestHandler {
  return async function makeInvite(req, res) {
    const input = inviteFormInput.parse(req.body)
    const invite = await createInvite(deps, { ...input, from: req })
    deps.relay.wake()
    res.status(201)
    if (!prefersHtml(req)) return res.json(invite)
    return res.type('html').send(inviteMadePage(deps.site, { ...invite, email: input.email }))
  }
}

function askAboutInvite({ invites, site }: AdminDeps): RequestHandler {
  return async function askAboutInvite(req, res) {
    const invite = await findInviteById(invites, String(req.params.id))
    if (!invite) throw pageNotFound()
    res.type('html').send(confirmPage(site, question(invite)))
  }
}

function question({ id, email }: { id: string; email: string | null }) {
  return {
    section: paths.adminInvites,
    title: `Revoke the invitation for ${email ?? 'anyone'}?`,
    text: 'Its link stops working. A person who has already signed up with it keeps the account.',
    button: 'Revoke',
    action: `${paths.adminInvites}/${id}/revoke`,
    back: paths.adminInvites,
  }
}

function revoke(deps: AdminDeps): RequestHandler {
  return async function revoke(req, res) {
    const outcome = await revokeInvite(deps, { id: String(req.params.id), from: req })
    if (outcome === null) throw pageNotFound()
    if (outcome === 'used' && !prefersHtml(req)) throw inviteUsed()
    const notice = `invite_${outcome}` as const
    respondDone(deps.site, { req, res, path: paths.adminInvites, notice })
  }
}
