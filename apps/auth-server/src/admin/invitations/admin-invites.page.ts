import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import type { ListedInvite } from '../../accounts/invitations/list-invites.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type InvitesPage = {
  invites: ListedInvite[]
  /** Where the next page begins; null: this is the last. */
  next: string | null
  /** Where this page begins; undefined: it is the first. */
  after?: string | undefined
  notice: string
}

/** A page of the invitations with their state, newest first. */
export function adminInvitesPage(
  site: Site,
  { invites, next, after, notice }: InvitesPage,
): string {
  const first = site.url(paths.adminInvites)
  return renderAdminPage(site, {
    template: 'admin/invitations/admin-invites.page.eta',
    title: 'Invitations',
    section: paths.adminInvites,
    notice,
    data: {
      invites: invites.map((invite) => ({
        ...invite,
        made: moment(invite.createdAt),
        ends: moment(invite.expiresAt),
      })),
      first: after === undefined ? null : first,
      next: next === null ? null : `${first}?${new URLSearchParams({ after: next }).toString()}`,
    },
  })
}
