import { paths } from '../paths.ts'
import { renderPage, type Site } from './render-page.ts'

type Problem = { status: number; title: string; detail: string; code: string }
type NextStep = { advice: string; label: string; href: string }

/** The error page: the status and the message in words, what to do next, whom to ask. */
export function errorPage(site: Site, { status, title, detail, code }: Problem): string {
  const next = nextStep(site, status)
  const data = { status, title, detail, code, next }
  return renderPage(site, { template: 'http/pages/error.page.eta', title, failed: true, data })
}

function nextStep(site: Site, status: number): NextStep {
  const advice = adviceFor(status)
  if (status === 401) return { advice, label: 'Sign in', href: site.url(paths.signIn) }
  // An empty href reloads this page.
  if (status === 429 || status >= 500) return { advice, label: 'Try again', href: '' }
  return { advice, label: 'Go to your account', href: site.url(paths.account) }
}

function adviceFor(status: number): string {
  if (status === 401) return 'Sign in, then try again.'
  if (status === 403)
    return 'If you think that you should be let in, ask us and quote the code below.'
  if (status === 404) return 'Check the address, or start again from your account.'
  if (status === 429) return 'The limit keeps others from guessing passwords.'
  if (status >= 500) return 'The fault is ours. Wait a moment before you try again.'
  return 'Go back, check what you entered, and try again.'
}
