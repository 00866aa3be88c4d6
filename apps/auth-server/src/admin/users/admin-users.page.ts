import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import type { describedUser } from '../../users/public-user.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type UsersPage = {
  users: (ReturnType<typeof describedUser> & { looksLike: string[] })[]
  /** Where the next page begins; null: this is the last. */
  next: string | null
  search: string
  /** Where this page begins; empty: it is the first. */
  after: string
  notice: string
}

/** A page of the users whose name or address contains the search text. */
export function adminUsersPage(site: Site, { users, next, search, ...page }: UsersPage): string {
  return renderAdminPage(site, {
    template: 'admin/users/admin-users.page.eta',
    title: 'Users',
    section: paths.adminUsers,
    notice: page.notice,
    data: {
      users: users.map((user) => ({ ...user, created: moment(user.createdAt) })),
      search,
      first: page.after === '' ? null : pageUrl(site, { search }),
      next: next === null ? null : pageUrl(site, { search, after: next }),
    },
  })
}

function pageUrl(site: Site, { search, after }: { search: string; after?: string }): string {
  const query = new URLSearchParams({ ...(search && { search }), ...(after && { after }) })
  return `${site.url(paths.adminUsers)}?${query.toString()}`
}
