import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { paths } from '../paths.ts'

/** What every page knows about the site. */
export type Site = {
  name: string
  contactUrl: string
  /** Puts BASE_PATH in front of a path. */
  url: (path: string) => string
  /** Users are our own: there are pages to confirm, reset, change and delete. */
  ownUsers: boolean
  /** What a page says about what was just done, by the name in its address. */
  notices: Readonly<Record<string, string>>
}

type Page = {
  /** From `src/`: `sign-in/sign-in.page.eta`. */
  template: string
  title: string
  /** Something went wrong: the title says so first, because a screen reader reads it first. */
  failed?: boolean
  /** Only somebody who is signed in sees it: it offers to sign out. */
  signedIn?: boolean
  data: object
}

const eta = new Eta({
  views: fileURLToPath(new URL('../..', import.meta.url)),
  autoEscape: true,
  cache: true,
})

/** A whole HTML document: the page's template inside the layout, every value escaped. */
export function renderPage(site: Site, page: Page): string {
  const { template, title, failed = false, signedIn = false, data } = page
  const fullTitle = `${failed ? 'Error: ' : ''}${title} · ${site.name}`
  return eta.render(`/${template}`, { ...data, site, paths, fullTitle, signedIn })
}

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

type Message = {
  title: string
  lead: string
  text?: string
  failed?: boolean
  action?: { label: string; href: string }
  /** Offers to write to us. */
  contact?: boolean
}

/** A page that says what happened and what to do next. */
export function renderMessage(site: Site, message: Message): string {
  const { title, lead, text = '', failed = false, action = null, contact = false } = message
  return renderPage(site, {
    template: 'http/pages/message.page.eta',
    title,
    failed,
    data: { title, lead, text, action, contact },
  })
}
