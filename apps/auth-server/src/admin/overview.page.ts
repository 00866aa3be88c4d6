import { paths } from '../paths.ts'
import type { Site } from '../http/render-page.ts'
import { renderAdminPage } from './render-admin-page.ts'

/** How things are, at a glance. */
export function overviewPage(site: Site, data: { users: number }): string {
  return renderAdminPage(site, {
    template: 'admin/overview.page.eta',
    title: 'Overview',
    section: paths.admin,
    data,
  })
}
