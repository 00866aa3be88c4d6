import { Router, type ErrorRequestHandler, type RequestHandler } from 'express'
import { prefersHtml, Problem } from 'service-kit'
import type { Client } from '../../oauth/clients/client.model.ts'
import { rotateClientSecret } from '../../oauth/clients/rotate-client-secret.ts'
import { rotateSigningKey } from '../../oauth/clients/rotate-signing-key.ts'
import { keysChanged, secretsChanged } from '../../http/errors.ts'
import { checkBody } from '../../http/read-input.ts'
import { noticeUrl } from '../../http/pages/notices.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { acceptAdminBody } from '../machines/guard-admin-routes.ts'
import { findClientToChange, findRequestedClient } from './requested-client.ts'
import { clientSecretPage } from './client-secret.page.ts'
import { rotateKeyPage, rotateSecretPage } from './rotate-client.page.ts'
import { rotateKeyInput, rotateSecretInput } from './rotation-input.ts'

/** A new secret or a new signing key for a client. */
export function rotateClientRoutes(deps: AdminDeps): Router {
  const one = `${paths.adminClients}/:id`
  const form = acceptAdminBody(deps)
  const router = Router()
  router.get(`${one}/secret`, ask(deps, rotateSecretPage))
  router.post(
    `${one}/secret`,
    form,
    checkBody(rotateSecretInput),
    rotateSecret(deps),
    sayUnchanged(deps),
  )
  router.get(`${one}/key`, ask(deps, rotateKeyPage))
  router.post(`${one}/key`, form, checkBody(rotateKeyInput), rotateKey(deps), sayUnchanged(deps))
  return router
}

function ask(
  { site, clients }: AdminDeps,
  page: (site: Site, client: Client) => string,
): RequestHandler {
  return async function ask(req, res) {
    res.type('html').send(page(site, await findRequestedClient(clients, req)))
  }
}

function rotateSecret(deps: AdminDeps): RequestHandler {
  return async function rotateSecret(req, res) {
    const client = await findClientToChange(deps.clients, req)
    const { after, overlapHours } = req.body
    if (after !== undefined && after !== client.secrets[0]?.id) throw secretsChanged()
    const rotation = { overlapHours, from: req }
    const { secret, previousEndsAt } = await rotateClientSecret(deps, client, rotation)
    if (!prefersHtml(req))
      return res.json({ client_id: client.id, client_secret: secret, previousEndsAt })
    const title = `New secret for ${client.name}`
    const previous = overlapHours > 0 ? { previousEndsAt } : {}
    return res
      .type('html')
      .send(clientSecretPage(deps.site, { client, title, secret, ...previous }))
  }
}

function rotateKey(deps: AdminDeps): RequestHandler {
  const { site, clients, config } = deps
  return async function rotateKey(req, res) {
    const client = await findClientToChange(clients, req)
    const { after, now } = req.body
    if (after !== undefined && after !== client.keys.at(-1)?.kid) throw keysChanged()
    const { refreshDays } = config
    const rotated = await rotateSigningKey({ ...deps, refreshDays }, client, { now, from: req })
    if (!prefersHtml(req)) return res.json({ client_id: client.id, ...rotated })
    const notice = now ? 'key_replaced' : 'key_rotated'
    return res.redirect(303, noticeUrl(site, `${paths.adminClients}/${client.id}`, notice))
  }
}

/** Sends a browser back to the client if the form was sent twice or somebody else was faster. */
function sayUnchanged({ site }: AdminDeps): ErrorRequestHandler {
  return function sayUnchanged(error: unknown, req, res, next) {
    if (!(error instanceof Problem && error.status === 409) || !prefersHtml(req)) return next(error)
    const url = `${paths.adminClients}/${String(req.params.id)}`
    res.redirect(303, noticeUrl(site, url, 'client_changed'))
  }
}
