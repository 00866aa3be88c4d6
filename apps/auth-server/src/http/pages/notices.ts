import type { Site } from './render-page.ts'

/** The URL of a page that shows the notice. */
export function noticeUrl(site: Site, path: string, notice: string): string {
  return `${site.url(path)}?notice=${notice}`
}

/** The notice for a name from the query; empty if the name is unknown. */
export function noticeText({ notices }: Site, name: unknown): string {
  return typeof name === 'string' && Object.hasOwn(notices, name) ? (notices[name] ?? '') : ''
}
