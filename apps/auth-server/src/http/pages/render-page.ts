import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { paths } from '../paths.ts'

/** What every page knows about the site. */
export type Site = {
  name: string
  contactUrl: string
  /** Puts BASE_PATH in front of a path. */
  url: (path: string) => string
  /** Whether users are in this server's MongoDB, so that it has pages to confirm, reset, change and delete. */
  ownUsers: boolean
  /** Texts that report a completed action, by the name in the query. */
  notices: Readonly<Record<string, string>>
}

type Page = {
  /** Relative to `src/`, such as `sign-in/sign-in.page.eta`. */
  template: string
  title: string
  /** Something went wrong. The title says so first, because a screen reader reads it first. */
  failed?: boolean
  /** Only signed-in users see the page. It offers to sign out. */
  signedIn?: boolean
  data: object
}

const eta = new Eta({
  views: fileURLToPath(new URL('../..', import.meta.url)),
  autoEscape: true,
  cache: true,
})

/** A complete HTML document: the page's template inside the layout, with every value escaped. */
export function renderPage(site: Site, page: Page): string {
  const { template, title, failed = false, signedIn = false, data } = page
  const fullTitle = `${failed ? 'Error: ' : ''}${title} · ${site.name}`
  return eta.render(`/${template}`, { ...data, site, paths, fullTitle, signedIn })
}

type LinkAction = {
  title: string
  lead: string
  text?: string
  /** The button posts the token here. */
  path: string
  token: string
  button: string
  fine?: string
}

/** The page that a link in an e-mail opens. It has one button: following a link changes nothing (R34). */
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
  /** Offers the contact link. */
  contact?: boolean
}

/** A page that says what happened, and what to do next. */
export function renderMessage(site: Site, message: Message): string {
  const { title, lead, text = '', failed = false, action = null, contact = false } = message
  return renderPage(site, {
    template: 'http/pages/message.page.eta',
    title,
    failed,
    data: { title, lead, text, action, contact },
  })
}
