import { moment } from '../http/moment.ts'
import type { Site } from '../http/render-page.ts'
import type { ListedInvite } from '../invitations/list-invites.ts'
import { paths } from '../paths.ts'
import { renderAdminPage } from './render-admin-page.ts'

/** The newest invitations and how they stand. */
export function adminInvitesPage(
  site: Site,
  { invites, notice }: { invites: ListedInvite[]; notice: string },
): string {
  return renderAdminPage(site, {
    template: 'admin/admin-invites.page.eta',
    title: 'Invitations',
    section: paths.adminInvites,
    notice,
    data: {
      invites: invites.map((invite) => ({
        ...invite,
        made: moment(invite.createdAt),
        ends: moment(invite.expiresAt),
      })),
    },
  })
}
