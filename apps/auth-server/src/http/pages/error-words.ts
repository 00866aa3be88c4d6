import type { Site } from './render-page.ts'
import { paths } from '../paths.ts'

type Failure = { status: number; code: string; detail: string }
/** What an error page says, and its way on. An empty `href` reloads the page. */
export type ErrorWords = {
  title: string
  lead: string
  next: { label: string; href: string }
}

/** The words for a failure: its own where people need to know more than the kind of it. */
export function errorWords(site: Site, failure: Failure): ErrorWords {
  const { detail } = failure
  const tryAgain = { label: 'Try again', href: '' }
  const toAccount = { label: 'Go to your account', href: site.url(paths.account) }
  switch (titleKey(failure)) {
    case 401:
      return {
        title: 'Please sign in',
        lead: 'You are signed out, or your session has ended.',
        next: { label: 'Sign in', href: site.url(paths.signIn) },
      }
    case 'foreign_origin':
      return {
        title: 'This request came from another site',
        lead: 'We did not follow it. If you wanted this, go to your account and do it from there.',
        next: toAccount,
      }
    case 403:
      return {
        title: 'You don’t have access to this page',
        lead: `${detail} If you need access, contact us.`,
        next: toAccount,
      }
    case 404:
      return {
        title: 'We can’t find that page',
        lead: 'Check the address, or start from your account.',
        next: toAccount,
      }
    case 429:
      return {
        title: detail,
        lead: 'This limit keeps others from guessing passwords.',
        next: tryAgain,
      }
    case 500:
      return {
        title: 'Something went wrong on our side',
        lead: 'Try again in a moment. If it happens again, contact us.',
        next: tryAgain,
      }
    case 503:
      return {
        title: 'This doesn’t work right now',
        lead: isBare(failure) ? 'Nothing is lost. Try again in a moment.' : detail,
        next: tryAgain,
      }
    default:
      return { title: 'That didn’t work', lead: detail, next: toAccount }
  }
}

/** The answer of whatever finds a dependency down: it says no more than the title. */
function isBare({ code }: Failure): boolean {
  return code === 'temporarily_unavailable'
}

function titleKey({ status, code }: Failure): number | string {
  if (code === 'foreign_origin') return code
  if (status < 500) return status
  return status === 503 ? 503 : 500
}
