import { randomUUID } from 'node:crypto'
import { type ErrorRequestHandler, type RequestHandler, Router } from 'express'
import { prefersHtml, Problem } from 'service-kit'
import { addClient } from '../../oauth/clients/add-client.ts'
import { newClientInput } from '../../oauth/clients/client-input.ts'
import { describeClient } from '../../oauth/clients/describe-client.ts'
import { listAudiences, listClients } from '../../oauth/clients/find-client.ts'
import { checkBody, textOf } from '../../http/read-input.ts'
import { noticeText, noticeUrl } from '../../http/pages/notices.ts'
import { type RenderForm, showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { checkGrantable } from '../machines/check-grantable.ts'
import { acceptAdminBody } from '../machines/guard-admin-routes.ts'
import { newClientPage } from './client-form.page.ts'
import { clientSecretPage } from './client-secret.page.ts'
import { clientsPage } from './clients.page.ts'
import { readLists } from './read-lists.ts'

/** The clients that receive or check tokens: the list, and the form for a new one. */
export function adminClientsRoutes(deps: AdminDeps): Router {
  const render = renderForm(deps)
  const router = Router()
  router.get(paths.adminClients, showClients(deps))
  router.get(`${paths.adminClients}/new`, showForm(render))
  router.post(
    paths.adminClients,
    acceptAdminBody(deps),
    readLists,
    checkBody(newClientInput),
    add(deps),
    goToExisting(deps),
    showFormAgain(render, { statuses: [400, 409] }),
  )
  return router
}

function showClients({ site, clients }: AdminDeps): RequestHandler {
  return async function showClients(req, res) {
    const all = await listClients(clients)
    if (!prefersHtml(req)) return res.json({ clients: all.map(describeClient) })
    const notice = noticeText(site, req.query.notice)
    return res.type('html').send(clientsPage(site, { clients: all, notice }))
  }
}

function renderForm({ site, clients }: AdminDeps): RenderForm {
  return async function renderForm({ error, fields }, req) {
    const entered: unknown = req.body
    const id = textOf(entered, 'id') || randomUUID()
    return newClientPage(site, { id, entered, known: await listAudiences(clients), error, fields })
  }
}

function add(deps: AdminDeps): RequestHandler {
  return async function add(req, res) {
    checkGrantable(req, req.body.scopes)
    const { client, secret } = await addClient(deps, req.body, req)
    res.status(201)
    if (!prefersHtml(req)) {
      const { id, ...described } = describeClient(client)
      return res.json({ client_id: id, client_secret: secret, ...described })
    }
    const title = `${client.name} is registered`
    return res.type('html').send(clientSecretPage(deps.site, { client, title, secret }))
  }
}

/** A form sent twice leads to the client: its secret was already shown. */
function goToExisting({ site }: AdminDeps): ErrorRequestHandler {
  return function goToExisting(error: unknown, req, res, next) {
    const exists = error instanceof Problem && error.code === 'client_exists'
    if (!exists || !prefersHtml(req)) return next(error)
    res.redirect(303, noticeUrl(site, `${paths.adminClients}/${req.body.id}`, 'client_exists'))
  }
}
