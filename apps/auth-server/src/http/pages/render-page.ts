import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { paths } from '../paths.ts'

/** What every page knows about the site. */
export type Site = {
  name: string
  brand: {
    /** There is a picture to show instead of icon and name. */
    hasLogo: boolean
    /** The pages have colours of their own, in a stylesheet. */
    hasTheme: boolean
    /** What browsers may colour their own surface with, in light mode. */
    color: string
  }
  contactUrl: string
  /** Puts BASE_PATH in front of a path. */
  url: (path: string) => string
  /** Whether users are in this server's MongoDB, so that it has pages to confirm, reset, change and delete. */
  ownUsers: boolean
  /** Whether people can sign up without an invite, so that the sign-in page links to the form. */
  openSignUp: boolean
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
  /** A bar on top and sections under it, instead of one card. */
  roomy?: boolean
  data: object
}

const eta = new Eta({
  views: fileURLToPath(new URL('../..', import.meta.url)),
  autoEscape: true,
  cache: true,
})

/** The scripts of pages: a page that holds what one works on loads it. No page needs any. */
export const pageScripts = [
  // Before the next one, which must not see a form as sent while its task is being solved.
  { path: paths.proofScript, worksOn: 'data-challenge=' },
  { path: paths.waitScript, worksOn: 'data-wait=' },
  { path: paths.passwordScript, worksOn: 'type="password"' },
  { path: paths.timesScript, worksOn: '<time ' },
  { path: paths.copyScript, worksOn: 'data-copy=' },
  { path: paths.sendScript, worksOn: 'data-send>' },
  { path: paths.passkeyScript, worksOn: 'data-passkey=' },
]

/** A complete HTML document: the page's template inside the layout, with every value escaped. */
export function renderPage(site: Site, page: Page): string {
  const { template, title, failed = false, signedIn = false, roomy = false, data } = page
  const fullTitle = `${failed ? 'Error: ' : ''}${title} · ${site.name}`
  return eta.render(`/${template}`, {
    ...data,
    site,
    paths,
    scripts: pageScripts,
    fullTitle,
    signedIn,
    roomy,
  })
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
  /** What it shows above the title: `check` says that something is done. */
  icon?: 'check' | 'mail' | 'alert'
  action?: { label: string; href: string }
  /** Offers the contact link. */
  contact?: boolean
  /** What to quote when asking for help. */
  reference?: { code: string; status: number }
}

/** A page that says what happened, and what to do next. */
export function renderMessage(site: Site, message: Message): string {
  const {
    title,
    lead,
    text = '',
    failed = false,
    action = null,
    contact = false,
    reference = null,
  } = message
  const icon = message.icon ?? (failed ? 'alert' : 'check')
  return renderPage(site, {
    template: 'http/pages/message.page.eta',
    title,
    failed,
    data: { title, lead, text, failed, icon, action, contact, reference },
  })
}
