import { type RequestHandler, Router } from 'express'
import { prefersHtml } from 'service-kit'
import { clientFormInput } from '../../oauth/clients/client-input.ts'
import { clientVersion, editClient } from '../../oauth/clients/edit-client.ts'
import { describeClient } from '../../oauth/clients/describe-client.ts'
import { removeClient } from '../../oauth/clients/remove-client.ts'
import { checkBody, textOf } from '../../http/read-input.ts'
import { noticeText, noticeUrl } from '../../http/pages/notices.ts'
import { type RenderForm, showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { checkGrantable } from '../machines/check-grantable.ts'
import { acceptAdminBody } from '../machines/guard-admin-routes.ts'
import { findClientToChange, findRequestedClient } from './requested-client.ts'
import { respondDone } from '../respond-done.ts'
import { editClientPage } from './client-form.page.ts'
import { clientPage } from './client.page.ts'
import { confirmPage } from '../confirm.page.ts'
import { findClient, listAudiences } from '../../oauth/clients/find-client.ts'
import { readLists } from './read-lists.ts'

/** One client: its page, the form that edits it, and its removal. */
export function adminClientRoutes(deps: AdminDeps): Router {
  const one = `${paths.adminClients}/:id`
  const render = renderEditForm(deps)
  const form = acceptAdminBody(deps)
  const router = Router()
  router.get(one, showClient(deps))
  router.get(`${one}/edit`, showForm(render))
  const changes = [readLists, checkBody(clientFormInput)]
  router.post(
    `${one}/edit`,
    form,
    changes,
    save(deps),
    showFormAgain(render, { statuses: [400, 409] }),
  )
  router.get(`${one}/remove`, askWhetherToRemove(deps))
  router.post(`${one}/remove`, form, remove(deps))
  return router
}

function showClient({ site, clients, config: { accessTokenSeconds } }: AdminDeps): RequestHandler {
  return async function showClient(req, res) {
    const client = await findRequestedClient(clients, req)
    if (!prefersHtml(req)) return res.json(describeClient(client))
    const notice = noticeText(site, req.query.notice)
    return res.type('html').send(clientPage(site, { client, accessTokenSeconds, notice }))
  }
}

/** Shows the client's current values if somebody else changed it in the meantime. */
function renderEditForm({ site, clients }: AdminDeps): RenderForm {
  return async function renderEditForm({ code, error, fields }, req) {
    const client = await findRequestedClient(clients, req)
    const asNow = req.method === 'GET' || code === 'changed_meanwhile'
    return editClientPage(site, {
      client,
      entered: asNow ? client : req.body,
      seen: asNow ? clientVersion(client) : textOf(req.body, 'seen'),
      known: await listAudiences(clients),
      error,
      fields,
    })
  }
}

function save(deps: AdminDeps): RequestHandler {
  return async function save(req, res) {
    const before = await findClientToChange(deps.clients, req)
    checkGrantable(req, req.body.scopes ?? [])
    const client = await editClient(deps, before, { ...req.body, from: req })
    if (!prefersHtml(req)) return res.json(describeClient(client))
    return res.redirect(
      303,
      noticeUrl(deps.site, `${paths.adminClients}/${client.id}`, 'client_saved'),
    )
  }
}

function askWhetherToRemove({ site, clients }: AdminDeps): RequestHandler {
  return async function askWhetherToRemove(req, res) {
    const { id, name } = await findRequestedClient(clients, req)
    const url = `${paths.adminClients}/${id}`
    const html = confirmPage(site, {
      section: paths.adminClients,
      title: `Remove ${name}?`,
      text: 'Its id and secret stop working and its tokens end. This cannot be undone.',
      action: `${url}/remove`,
      back: url,
      button: `Remove ${name}`,
    })
    res.type('html').send(html)
  }
}

function remove(deps: AdminDeps): RequestHandler {
  return async function remove(req, res) {
    const id = String(req.params.id)
    // A form sent twice finds the client gone, as it wants it.
    const client = await findClient(deps.clients, id)
    checkGrantable(req, client?.scopes ?? [])
    await removeClient(deps, { id, from: req })
    respondDone(deps.site, { req, res, path: paths.adminClients, notice: 'client_removed' })
  }
}
