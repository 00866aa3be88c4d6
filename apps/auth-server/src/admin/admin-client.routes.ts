import { Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import { acceptBody, prefersHtml, Problem } from 'service-kit'
import { clientFormInput } from '../clients/client-input.ts'
import type { Client } from '../clients/client.model.ts'
import { clientVersion } from '../clients/client-version.ts'
import { describeClient } from '../clients/describe-client.ts'
import { editClient } from '../clients/edit-client.ts'
import { removeClient } from '../clients/remove-client.ts'
import { checkBody } from '../http/check-body.ts'
import { noticeText, noticeUrl } from '../http/notices.ts'
import { textOf } from '../http/text-of.ts'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { findRequestedClient } from './find-requested-client.ts'
import { answerDone } from './answer-done.ts'
import { editClientPage } from './client-form.page.ts'
import { clientPage } from './client.page.ts'
import { confirmPage } from './confirm.page.ts'
import { listAudiences } from './list-audiences.ts'
import { readLists } from './read-lists.ts'
import { type FormProblems, noProblems, showFormAgain } from './show-form-again.ts'

/** One client: how it is, another name, other addresses and scopes, and its end. */
export function adminClientRoutes(deps: RouteDeps): Router {
  const one = `${paths.adminClients}/:id`
  const draw = drawEditForm(deps)
  const form = acceptBody({ form: true })
  const router = Router()
  router.get(one, showClient(deps))
  router.get(`${one}/edit`, async (req, res) => {
    res.type('html').send(await draw(req, noProblems))
  })
  const drawEntered = (req: Request, problems: FormProblems) => draw(req, problems, req.body)
  router.post(
    `${one}/edit`,
    [...form, readLists, checkBody(clientFormInput)],
    save(deps),
    showAsItIsNow(draw),
    showFormAgain(drawEntered),
  )
  router.get(`${one}/remove`, askWhetherToRemove(deps))
  router.post(`${one}/remove`, form, remove(deps))
  return router
}

function showClient({ site, clients, config: { accessTokenSeconds } }: RouteDeps): RequestHandler {
  return async function showClient(req, res) {
    const client = await findRequestedClient(clients, req)
    if (!prefersHtml(req)) return res.json(describeClient(client))
    const notice = noticeText(req.query.notice)
    return res.type('html').send(clientPage(site, { client, accessTokenSeconds, notice }))
  }
}

function drawEditForm({ site, clients }: RouteDeps) {
  return async function drawEditForm(
    req: Request,
    problems: FormProblems,
    entered?: unknown,
  ): Promise<string> {
    const client = await findRequestedClient(clients, req)
    return editClientPage(site, {
      client,
      entered: entered ?? client,
      // What was seen first goes on being that.
      seen: textOf(entered, 'seen') || clientVersion(client),
      known: await listAudiences(clients),
      ...problems,
    })
  }
}

/** Somebody else was faster: what is there now, and not what would undo it. */
function showAsItIsNow(
  draw: (req: Request, problems: FormProblems) => Promise<string>,
): ErrorRequestHandler {
  return async function showAsItIsNow(error: unknown, req, res, next) {
    const isOvertaken = error instanceof Problem && error.code === 'changed_meanwhile'
    if (!isOvertaken || !prefersHtml(req)) return next(error)
    const html = await draw(req, { error: error.message, fields: {} })
    return res.status(error.status).type('html').send(html)
  }
}

function save({ site, clients, audit }: RouteDeps): RequestHandler {
  return async function save(req, res) {
    const before = await findRequestedClient(clients, req)
    const client = await editClient(clients, before, req.body)
    const fields = changedFields(before, client)
    if (fields.length > 0) audit.clientEdited(req, { client, fields: fields.join(' ') })
    if (!prefersHtml(req)) return res.json(describeClient(client))
    return res.redirect(303, noticeUrl(site, `${paths.adminClients}/${client.id}`, 'client_saved'))
  }
}

function changedFields(before: Client, after: Client): string[] {
  const known = new Map<string, unknown>(Object.entries(before))
  return Object.entries(after)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known.get(name)))
    .map(([name]) => name)
}

function askWhetherToRemove({ site, clients }: RouteDeps): RequestHandler {
  return async function askWhetherToRemove(req, res) {
    const { id, name } = await findRequestedClient(clients, req)
    const url = `${paths.adminClients}/${id}`
    const html = confirmPage(site, {
      section: paths.adminClients,
      title: `Remove ${name}?`,
      text: 'Its id and secret are good for nothing then, and its tokens end. This cannot be undone.',
      action: `${url}/remove`,
      back: url,
      button: `Remove ${name}`,
    })
    res.type('html').send(html)
  }
}

function remove(deps: RouteDeps): RequestHandler {
  return async function remove(req, res) {
    await removeClient(deps, { id: String(req.params.id), from: req })
    answerDone(deps.site, { req, res, path: paths.adminClients, notice: 'client_removed' })
  }
}
