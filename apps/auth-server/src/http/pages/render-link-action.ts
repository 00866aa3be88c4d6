import { renderPage, type Site } from './render-page.ts'

type LinkAction = {
  title: string
  lead: string
  text?: string
  /** Where the button posts the token to. */
  path: string
  token: string
  button: string
  fine?: string
}

/** The page behind a mail's link: one button, because following a link must change nothing (R34). */
export function renderLinkAction(site: Site, page: LinkAction): string {
  const { title, text = '', fine = '' } = page
  return renderPage(site, {
    template: 'http/pages/link-action.page.eta',
    title,
    data: { ...page, text, fine },
  })
}
