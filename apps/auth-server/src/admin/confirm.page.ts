import type { Site } from '../http/pages/render-page.ts'
import { renderAdminPage } from './render-admin-page.ts'

type Question = {
  section: Parameters<typeof renderAdminPage>[1]['section']
  /** As a question that names what it is about: `Remove Shop?`. */
  title: string
  /** What will be, and whether it can be undone. */
  text: string
  /** Where the button posts to, and where "no" leads, relative to BASE_PATH. */
  action: string
  back: string
  button: string
  /** What the button sends along. */
  fields?: Record<string, string>
}

/** Asks once before something that is not undone. */
export function confirmPage(
  site: Site,
  { section, title, fields = {}, ...rest }: Question,
): string {
  const data = { ...rest, fields }
  return renderAdminPage(site, { template: 'admin/confirm.page.eta', title, section, data })
}
