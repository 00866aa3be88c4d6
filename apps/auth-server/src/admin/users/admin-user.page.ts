import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import { drawSession, type OwnSession } from '../../sessions/list-sessions.ts'
import type { describedUser } from '../../users/public-user.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type UserPage = {
  user: ReturnType<typeof describedUser>
  sessions: OwnSession[]
  /** It is the admin's own account. */
  isOwn: boolean
  notice: string
}

/** The state of an account, its sessions, and the actions on it. */
export function adminUserPage(site: Site, { user, sessions, isOwn, notice }: UserPage): string {
  return renderAdminPage(site, {
    template: 'admin/users/admin-user.page.eta',
    title: user.username,
    section: paths.adminUsers,
    notice,
    data: {
      user,
      isOwn,
      url: `${site.url(paths.adminUsers)}/${user.id}`,
      created: moment(user.createdAt),
      verified: user.verifiedAt === null ? null : moment(new Date(user.verifiedAt)),
      suspended: user.suspendedAt && moment(user.suspendedAt),
      sessions: sessions.map(drawSession),
    },
  })
}
