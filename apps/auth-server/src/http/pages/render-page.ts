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
}

type Page = {
  /** From `src/`: `sign-in/sign-in.page.eta`. */
  template: string
  title: string
  /** Something went wrong: the title says so first, because a screen reader reads it first. */
  failed?: boolean
  data: object
}

const eta = new Eta({
  views: fileURLToPath(new URL('../..', import.meta.url)),
  autoEscape: true,
  cache: true,
})

/** A whole HTML document: the page's template inside the layout, every value escaped. */
export function renderPage(site: Site, { template, title, failed = false, data }: Page): string {
  const fullTitle = `${failed ? 'Error: ' : ''}${title} · ${site.name}`
  return eta.render(`/${template}`, { ...data, site, paths, fullTitle })
}
