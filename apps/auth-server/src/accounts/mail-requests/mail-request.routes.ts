import { type Request, type RequestHandler, type Response, Router } from 'express'
import { acceptBody, prefersHtml } from 'service-kit'
import { checkBody, textOf } from '../../http/read-input.ts'
import { limitMail } from '../../http/limit-attempts.ts'
import { renderMessage, type Site } from '../../http/pages/render-page.ts'
import { type RenderForm, showForm, showFormAgain } from '../../http/pages/show-form.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { mailRequestInput, requestMail } from './request-mail.ts'
import { mailRequestPage } from './mail-request.page.ts'
import type { RequestedMail } from '../../mail/mail-entry.ts'

const forms = {
  confirm: {
    path: paths.resendConfirmation,
    title: 'Didn’t get the confirmation e-mail?',
    lead: 'Enter your e-mail address and we’ll send it again.',
    button: 'Send it again',
  },
  reset: {
    path: paths.forgotPassword,
    title: 'Forgot your password?',
    lead: 'Enter your e-mail address and we’ll send you a link to reset your password.',
    button: 'Send me a link',
  },
}

const sent =
  'If there’s an account with this address that needs it, we’ve sent it an e-mail. It can take a few minutes.'
const hint =
  'Not there after a few minutes? Check your spam folder. You can request another in five minutes.'

/** Routes to request a new confirmation or a password reset; the same answer for any address. */
export function mailRequestRoutes(deps: AccountDeps): Router {
  const router = Router()
  const limit = limitMail(deps)
  for (const kind of ['confirm', 'reset'] as const) {
    const { path } = forms[kind]
    const render = renderForm(deps.site, kind)
    router.get(path, showForm(render))
    router.post(
      path,
      acceptBody({ form: true }),
      checkBody(mailRequestInput),
      limit,
      requestMail(deps, kind),
      sayItIsSent(deps.site),
      showFormAgain(render, { statuses: [400, 429] }),
    )
  }
  return router
}

function renderForm(site: Site, kind: RequestedMail): RenderForm {
  return ({ error, fields }, req) =>
    mailRequestPage(site, { ...forms[kind], email: textOf(req.body, 'email'), error, fields })
}

function sayItIsSent(site: Site): RequestHandler {
  return function sayItIsSent(req: Request, res: Response) {
    res.status(202)
    if (!prefersHtml(req)) return res.json({ message: sent })
    const page = { title: 'Check your e-mail', lead: sent, text: hint, icon: 'mail' as const }
    const action = { label: 'Back to sign in', href: site.url(paths.signIn) }
    return res.type('html').send(renderMessage(site, { ...page, action }))
  }
}
