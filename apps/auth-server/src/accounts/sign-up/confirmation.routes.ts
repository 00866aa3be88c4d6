import {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express'
import { acceptBody, invalidInput, prefersHtml } from 'service-kit'
import { checkBody, textOf } from '../../http/read-input.ts'
import { renderLinkAction } from '../../http/pages/render-page.ts'
import { noticeUrl } from '../../http/pages/notices.ts'
import { type RenderForm, showFormAgain } from '../../http/pages/show-form.ts'
import { keepTokenPrivate, showLinkProblem } from '../links/link-page.ts'
import { reservationOfLink } from '../links/reservation-of-link.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import type { Reservation } from '../reservations/reservation.model.ts'
import { confirmInput } from './confirm-input.ts'
import { completeReservation } from './complete-reservation.ts'
import { confirmAccount } from './confirm-account.ts'
import { confirmAccountPage } from './confirm-account.page.ts'

/** The page behind the link of the confirmation e-mail, and the route its button posts to. */
export function confirmationRoutes(deps: AccountDeps): Router {
  const router = Router()
  router.get(paths.invite, showConfirmPage(deps))
  router.post(
    paths.confirmAccount,
    keepTokenPrivate,
    acceptBody({ form: true }),
    checkBody(confirmInput),
    confirm(deps),
    showLinkProblem(deps.site, {
      advice: 'Request a new e-mail, and follow the link in it.',
      label: 'Send the confirmation again',
      path: paths.resendConfirmation,
    }),
    showPasswordAgain(deps),
  )
  return router
}

/** The confirm page; a URL without `confirmation` is left to the sign-up page, which shares it. */
function showConfirmPage(deps: AccountDeps): RequestHandler {
  const { site } = deps
  return async function showConfirmPage(req: Request, res: Response, next) {
    const token = req.query.confirmation
    if (typeof token !== 'string') return next()
    const reservation = await reservationOfLink(deps, { token, purpose: 'confirm' })
    const page = reservation
      ? confirmAccountPage(site, { token, username: reservation.username })
      : renderLinkAction(site, {
          title: 'Confirm your account',
          lead: 'Confirm your e-mail address to sign in.',
          path: paths.confirmAccount,
          token,
          button: 'Confirm my account',
        })
    return keepTokenPrivate(req, res, () => res.type('html').send(page))
  }
}

function confirm(deps: AccountDeps): RequestHandler {
  return async function confirm(req: Request, res: Response) {
    const { token } = confirmInput.parse(req.body)
    const reservation = await reservationOfLink(deps, { token, purpose: 'confirm' })
    if (reservation) {
      // For the page that asks again.
      res.locals.username = reservation.username
      await confirmReservation(deps, reservation, req)
    } else {
      const user = await confirmAccount(deps, token)
      if (user) deps.audit.accountConfirmed(req, { user })
    }
    if (prefersHtml(req)) res.redirect(303, noticeUrl(deps.site, paths.signIn, 'confirmed'))
    else res.json({ confirmed: true })
  }
}

async function confirmReservation(
  deps: AccountDeps,
  reservation: Reservation,
  req: Request,
): Promise<void> {
  const { password = '' } = confirmInput.parse(req.body)
  if (password === '')
    throw invalidInput([{ field: 'password', message: 'Enter the password from your sign-up.' }])
  const user = await completeReservation(deps, reservation, { password, req })
  if (!user) return
  deps.audit.accountCreated(req, { user })
  deps.audit.accountConfirmed(req, { user })
}

/** Shows the page again after a wrong password. Passes on what is not about a reservation. */
function showPasswordAgain({ site }: AccountDeps): ErrorRequestHandler {
  const render: RenderForm = ({ error, fields }, req) =>
    confirmAccountPage(site, {
      error,
      fields,
      token: textOf(req.body, 'token'),
      username: textOf(req.res?.locals, 'username'),
    })
  const showAgain = showFormAgain(render, { statuses: [400, 401] })
  return function showPasswordAgain(error: unknown, req, res, next) {
    if (textOf(res.locals, 'username') === '') return next(error)
    return showAgain(error, req, res, next)
  }
}
