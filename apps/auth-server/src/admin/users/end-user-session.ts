import type { RequestHandler } from 'express'
import { pageNotFound } from 'service-kit'
import { paths } from '../../http/paths.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { endListedSession } from '../../sessions/end-session.ts'
import { listSessions } from '../../sessions/list-sessions.ts'
import { respondDone } from '../respond-done.ts'
import { confirmPage } from '../confirm.page.ts'
import { requestedUser } from './requested-user.ts'

/** Shows the confirmation page for ending one session of a user. */
export function askAboutSession(deps: AdminDeps): RequestHandler {
  return async function askAboutSession(req, res) {
    const user = await requestedUser(deps, req)
    const sessions = await listSessions(deps, { userId: user.id })
    const session = sessions.find(({ id }) => id === req.params.session)
    if (!session) throw pageNotFound()
    const back = `${paths.adminUsers}/${user.id}`
    const page = confirmPage(deps.site, {
      section: paths.adminUsers,
      title: `Sign ${user.username} out of this session?`,
      text: `This ends the session on ${session.device} and the tokens that client sites received through it. Other sessions stay.`,
      button: 'Sign out there',
      action: `${back}/sessions/${session.id}/end`,
      back,
    })
    res.type('html').send(page)
  }
}

/** Ends the session (R27). One that has already ended is fine. */
export function endSessionOf(deps: AdminDeps): RequestHandler {
  return async function endSessionOf(req, res) {
    const user = await requestedUser(deps, req)
    await endListedSession(deps, user, { id: String(req.params.session), from: req })
    const path = `${paths.adminUsers}/${user.id}`
    respondDone(deps.site, { req, res, path, notice: 'session_ended' })
  }
}
