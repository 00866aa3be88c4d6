import { errorWords } from './error-words.ts'
import { renderPage, type Site } from './render-page.ts'

type Failure = { status: number; detail: string; code: string }

/** The error page: what is wrong in words, what to do next, whom to ask. */
export function errorPage(site: Site, failure: Failure): string {
  const words = errorWords(site, failure)
  return renderPage(site, {
    template: 'http/pages/error.page.eta',
    title: words.title,
    failed: true,
    data: { ...words, code: failure.code, status: failure.status },
  })
}
