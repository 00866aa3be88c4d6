import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type RolesPage = {
  id: string
  username: string
  /** As they stand in the field. */
  roles: string
  /** What they were when the form was opened. */
  seen: string
  /** It is the admin's own account. */
  isOwn: boolean
  /** What was wrong with them. */
  message?: string
}

/** The form for the roles of a user. */
export function userRolesPage(site: Site, { message = '', ...page }: RolesPage): string {
  return renderAdminPage(site, {
    template: 'admin/users/user-roles.page.eta',
    title: `Roles of ${page.username}`,
    section: paths.adminUsers,
    failed: message !== '',
    data: { ...page, message, url: `${site.url(paths.adminUsers)}/${page.id}` },
  })
}
