import type { Site } from '../../http/pages/render-page.ts'
import { hasFailed } from '../../http/pages/show-form.ts'
import { paths } from '../../http/paths.ts'
import { renderAdminPage } from '../render-admin-page.ts'

type NewInvite = {
  email: string
  expiresInDays: string
  /** What was wrong on the whole. */
  error: string
  /** Messages by field name. */
  fields: Record<string, string>
}

/** The form for an invitation. */
export function newInvitePage(site: Site, form: NewInvite): string {
  const failed = hasFailed(form)
  return renderAdminPage(site, {
    template: 'admin/invitations/new-invite.page.eta',
    title: 'Invite someone',
    section: paths.adminInvites,
    failed,
    data: { ...form, failed },
  })
}
