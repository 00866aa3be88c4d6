import type { Site } from './render-page.ts'

/** The address of a page that shows that notice. */
export function noticeUrl(site: Site, path: string, notice: string): string {
  return `${site.url(path)}?notice=${notice}`
}

/** The text for a name in an address; empty for any other. */
export function noticeText({ notices }: Site, name: unknown): string {
  return typeof name === 'string' && Object.hasOwn(notices, name) ? (notices[name] ?? '') : ''
}
