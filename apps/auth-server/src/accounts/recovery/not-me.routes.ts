import { type Request, type RequestHandler, type Response, Router } from 'express'
import { acceptBody, prefersHtml } from 'service-kit'
import { checkBody, textOf } from '../../http/read-input.ts'
import { limitMail } from '../../http/limit-attempts.ts'
import { renderLinkAction, renderMessage } from '../../http/pages/render-page.ts'
import { keepTokenPrivate, linkInput, showLinkProblem } from '../links/link-page.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { notMe, type NotMeOutcome } from './not-me.ts'
import { reservationOfLink } from '../links/reservation-of-link.ts'
import { isOnlySignedUp, readNotMe } from './read-not-me-link.ts'

/** The page behind the "this was not me" link of an e-mail, and the route its button posts to. */
export function notMeRoutes(deps: AccountDeps): Router {
  const { site } = deps
  const router = Router()
  const linkProblem = showLinkProblem(site, {
    advice: 'If somebody else may be using your account, choose a new password or contact us.',
    label: 'Choose a new password',
    path: paths.forgotPassword,
  })
  router.get(paths.notMe, keepTokenPrivate, showNotMePage(deps), linkProblem)
  router.post(
    paths.notMe,
    acceptBody({ form: true }),
    checkBody(linkInput),
    limitMail(deps),
    answerNotMe(deps),
    linkProblem,
  )
  return router
}

function showNotMePage(deps: AccountDeps): RequestHandler {
  return async function showNotMePage(req: Request, res: Response) {
    const token = textOf(req.query, 'token')
    const words = questions[await questionOf(deps, token)]
    const page = { title: 'This wasn’t you?', path: paths.notMe, token, ...words }
    res.type('html').send(renderLinkAction(deps.site, page))
  }
}

function answerNotMe(deps: AccountDeps): RequestHandler {
  return async function answerNotMe(req: Request, res: Response) {
    const { token } = linkInput.parse(req.body)
    const outcome = await notMe(deps, { token, from: req })
    deps.relay.wake()
    if (prefersHtml(req)) res.type('html').send(renderMessage(deps.site, answers[outcome]))
    else res.json({ outcome })
  }
}

async function questionOf(deps: AccountDeps, token: string): Promise<NotMeOutcome> {
  if (await reservationOfLink(deps, { token, purpose: 'not_me' })) return 'account_removed'
  const { purpose, user } = await readNotMe(deps, token)
  if (purpose === 'not_my_address') return 'address_dropped'
  return isOnlySignedUp(user) ? 'account_removed' : 'sessions_ended'
}

const questions: Record<NotMeOutcome, { lead: string; button: string }> = {
  account_removed: {
    lead: 'Somebody signed up with your e-mail address. The account was never confirmed, so we can remove it.',
    button: 'Remove this account',
  },
  address_dropped: {
    lead: 'Somebody gave your e-mail address for their account. We can stop that account from using it.',
    button: 'Do not use my address',
  },
  sessions_ended: {
    lead: 'We can end every session of your account, on all devices, and send you a link to choose a new password.',
    button: 'End all sessions',
  },
}

const answers: Record<NotMeOutcome, { title: string; lead: string; contact?: boolean }> = {
  account_removed: {
    title: 'Account removed',
    lead: 'Thank you for telling us. There is nothing more to do.',
  },
  address_dropped: {
    title: 'Your address is no longer used',
    lead: 'Thank you for telling us. There is nothing more to do.',
  },
  sessions_ended: {
    title: 'All sessions ended',
    lead: 'An e-mail with a link is on its way to you. Follow it now to choose a new password.',
    contact: true,
  },
}
