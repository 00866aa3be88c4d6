import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type MadeInvite = { url: string; expiresAt: Date; email?: string | undefined }

/** The link of an invitation that was made just now, this once. */
export function inviteMadePage(site: Site, { url, expiresAt, email = '' }: MadeInvite): string {
  return renderAdminPage(site, {
    template: 'admin/invitations/invite-made.page.eta',
    title: 'Invitation created',
    section: paths.adminInvites,
    data: { url, email, ends: moment(expiresAt) },
  })
}
