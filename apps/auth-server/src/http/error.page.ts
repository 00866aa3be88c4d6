import { renderPage, type Site } from './render-page.ts'

type Problem = { status: number; title: string; detail: string; code: string }

/** The error page: the status and the message in words, what to do next, whom to ask. */
export function errorPage(site: Site, { status, title, detail, code }: Problem): string {
  const advice = adviceFor(status)
  const data = { status, title, detail, code, advice }
  return renderPage(site, { template: 'http/error.page.eta', title, failed: true, data })
}

function adviceFor(status: number): string {
  if (status === 401) return 'Sign in, then try again.'
  if (status === 403) return 'If you think you should have access, ask us and quote the code below.'
  if (status === 404) return 'Check the address, or start again from your account.'
  if (status === 429) return 'Wait a few minutes, then try again. Nothing is lost.'
  if (status >= 500) return 'This is on our side. Wait a moment, then try again.'
  return 'Go back, check what you entered, and try again.'
}
