import type { ErrorRequestHandler } from 'express'
import { prefersHtml, Problem, setProblemHead } from 'service-kit'
import { renderMessage } from '../../http/pages/render-page.ts'
import { textOf } from '../../http/read-input.ts'
import { paths } from '../../http/paths.ts'
import type { AccountDeps } from '../account-deps.ts'
import { whyClosed, type WhyClosed } from '../invitations/why-closed.ts'

const askForNew = 'Ask the person who invited you for a new one.'

const words: Record<WhyClosed, { title: string; lead: string }> = {
  used: {
    title: 'This invitation was already used',
    lead: `If you used it, sign in. Otherwise, ask the person who invited you for a new one.`,
  },
  expired: { title: 'This invitation has expired', lead: askForNew },
  revoked: { title: 'This invitation was withdrawn', lead: askForNew },
  unknown: {
    title: 'This invitation link doesn’t work',
    lead: `Check that you opened the whole link from the e-mail. ${askForNew}`,
  },
}

/** A separate page for a closed invite: anyone with its link may know why it is closed. */
export function showInviteProblem(
  deps: Pick<AccountDeps, 'site' | 'users' | 'invites'>,
): ErrorRequestHandler {
  const { site } = deps
  return async function showInviteProblem(error: unknown, req, res, next) {
    const isClosed = error instanceof Problem && error.code === 'invite_used_or_expired'
    if (!isClosed || !prefersHtml(req)) return next(error)
    const token = textOf(req.query, 'token') || textOf(req.body, 'invite')
    const page = renderMessage(site, {
      ...words[await whyClosed(deps, token)],
      failed: true,
      action: req.user
        ? { label: 'Go to your account', href: site.url(paths.account) }
        : { label: 'Sign in', href: site.url(paths.signIn) },
      contact: true,
      reference: error,
    })
    setProblemHead(res, error)
    return res.type('html').send(page)
  }
}
