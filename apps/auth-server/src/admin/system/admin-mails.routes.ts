import { Router, type ErrorRequestHandler, type RequestHandler } from 'express'
import { prefersHtml, Problem } from 'service-kit'
import { amqpAway } from '../../http/errors.ts'
import { noticeText } from '../../http/pages/notices.ts'
import {
  dropDeadMails,
  listDeadInOutboxes,
  listDeadMails,
  replayDeadMails,
} from '../../mail/dead-mails.ts'
import { accountOutboxes } from '../../accounts/links/account-outboxes.ts'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { acceptAdminBody } from '../machines/guard-admin-routes.ts'
import { respondDone } from '../respond-done.ts'
import { confirmPage } from '../confirm.page.ts'
import { mailsPage } from './mails.page.ts'
import type { AdminNotice } from '../admin.notices.ts'

type Act = {
  /** Resolves to how many e-mails it changed. */
  perform: typeof dropDeadMails
  one: AdminNotice
  all: AdminNotice
}

const replay: Act = {
  perform: replayDeadMails,
  one: 'mail_replayed',
  all: 'mails_replayed',
}
const drop: Act = {
  perform: dropDeadMails,
  one: 'mail_dropped',
  all: 'mails_dropped',
}

/** Dead e-mails: the list, replaying and dropping. */
export function adminMailRoutes(deps: AdminDeps): Router {
  const all = paths.adminMails
  const one = `${all}/:id`
  const form = acceptAdminBody(deps)
  const router = Router()
  router.get(all, showMails(deps), showWithoutQueue(deps))
  for (const path of [all, one]) {
    router.post(`${path}/replay`, form, change(deps, replay), showWithoutQueue(deps))
    router.get(`${path}/drop`, askWhetherToDrop(deps))
    router.post(`${path}/drop`, form, change(deps, drop), showWithoutQueue(deps))
  }
  return router
}

function showMails(deps: AdminDeps): RequestHandler {
  const { site, config } = deps
  return async function showMails(req, res) {
    await checkQueue(deps)
    const listed = await listDeadMails(withOutboxes(deps), { secrets: config.mailSecrets })
    if (!prefersHtml(req)) return res.json(listed)
    const notice = noticeText(site, req.query.notice)
    return res.type('html').send(mailsPage(site, { ...listed, notice }))
  }
}

function change(deps: AdminDeps, { perform, one, all }: Act): RequestHandler {
  return async function change(req, res) {
    await checkQueue(deps)
    const { id } = req.params
    const chosen = id === undefined ? {} : { ids: [String(id)] }
    const changed = await perform(withOutboxes(deps), { ...chosen, from: req })
    deps.relay.wake()
    const notice = changed === 0 ? 'mail_gone' : id === undefined ? all : one
    respondDone(deps.site, { req, res, path: paths.adminMails, notice })
  }
}

function askWhetherToDrop({ site }: AdminDeps): RequestHandler {
  return function askWhetherToDrop(req, res) {
    const { id } = req.params
    const title = id === undefined ? 'Discard every dead e-mail?' : 'Discard this e-mail?'
    const html = confirmPage(site, {
      section: paths.adminMails,
      title,
      text: 'It will never be sent. This cannot be undone.',
      action: `${paths.adminMails}${id === undefined ? '' : `/${encodeURIComponent(String(id))}`}/drop`,
      back: paths.adminMails,
      button: id === undefined ? 'Discard all' : 'Discard',
    })
    res.type('html').send(html)
  }
}

function withOutboxes(deps: AdminDeps) {
  return { ...deps, outboxes: accountOutboxes(deps) }
}

/** Fails at once without a connection, because the operation would wait for one. */
async function checkQueue({ mailQueues }: AdminDeps): Promise<void> {
  await mailQueues?.checkReady().catch((cause: unknown) => {
    throw amqpAway(cause)
  })
}

/** Shows what is in the outboxes while RabbitMQ is down. */
function showWithoutQueue(deps: AdminDeps): ErrorRequestHandler {
  return async function showWithoutQueue(error: unknown, req, res, next) {
    const isDown = error instanceof Problem && error.code === 'amqp_away'
    if (!isDown || !prefersHtml(req)) return next(error)
    const listed = await listDeadInOutboxes(accountOutboxes(deps))
    const html = mailsPage(deps.site, { ...listed, error: error.message })
    res.status(error.status).set(error.headers).type('html').send(html)
  }
}
