import { loggedIn } from 'auth-kit/logged-in'
import { type RequestHandler, Router } from 'express'
import { pageNotFound, prefersHtml } from 'service-kit'
import { notSignedIn } from '../http/errors.ts'
import { limitPerUser } from '../http/limit-attempts.ts'
import { noticeText, noticeUrl } from '../http/pages/notices.ts'
import { paths } from '../http/paths.ts'
import type { SessionDeps } from './session-deps.ts'
import { endListedSession } from './end-session.ts'
import { endOtherSessions } from './end-user-sessions.ts'
import { listSessions } from './list-sessions.ts'
import { acceptBodySignedIn } from './still-signed-in.ts'
import { sessionsPage } from './sessions.page.ts'
import type { SessionNotice } from './sessions.notices.ts'

/** The current session, the user’s other sessions, and ending them. */
export function sessionRoutes(deps: SessionDeps): Router {
  const router = Router()
  router.get(paths.session, (req, res) => {
    if (!req.user) throw notSignedIn()
    res.json({ user: req.user, expiresAt: deps.store.endOf(req.session).toISOString() })
  })
  router.get(paths.sessions, loggedIn(), showSessions(deps))
  // This scans all sessions for those missing from the index.
  const limit = limitPerUser(deps, { name: 'end-sessions', limit: 20 })
  router.delete(paths.sessions, loggedIn(), limit, endOthers(deps), answer(deps, 'others_ended'))
  router.delete(`${paths.sessions}/:id`, loggedIn(), endOne(deps), answer(deps, 'session_ended'))
  // The page's buttons post here.
  const form = [loggedIn(), ...acceptBodySignedIn(deps, { form: true })]
  router.post(paths.endSessions, form, limit, endOthers(deps), answer(deps, 'others_ended'))
  router.post(`${paths.sessions}/:id/end`, form, endOne(deps), answer(deps, 'session_ended'))
  return router
}

function showSessions({ site, store, signIns }: SessionDeps): RequestHandler {
  return async function showSessions(req, res) {
    if (!req.user) throw notSignedIn()
    const sessions = await listSessions(
      { store, signIns },
      { userId: req.user.id, sessionId: req.sessionID },
    )
    if (!prefersHtml(req)) return res.json({ sessions })
    return res
      .type('html')
      .send(sessionsPage(site, { sessions, notice: noticeText(site, req.query.notice) }))
  }
}

function endOthers(deps: SessionDeps): RequestHandler {
  return async function endOthers(req, _res, next) {
    await endOtherSessions(deps, req)
    next()
  }
}

function endOne(deps: SessionDeps): RequestHandler {
  return async function endOne(req, _res, next) {
    if (!req.user) throw notSignedIn()
    const session = { id: String(req.params.id), from: req }
    if (!(await endListedSession(deps, req.user, session))) throw pageNotFound()
    next()
  }
}

function answer({ site }: SessionDeps, notice: SessionNotice): RequestHandler {
  return function answer(req, res) {
    if (prefersHtml(req)) res.redirect(303, noticeUrl(site, paths.sessions, notice))
    else res.status(204).end()
  }
}
