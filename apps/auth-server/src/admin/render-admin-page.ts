import { paths } from '../http/paths.ts'
import { renderPage, type Site } from '../http/pages/render-page.ts'

/** The parts of the admin pages, in the order of their menu. */
const sections = [
  { path: paths.admin, label: 'Overview' },
  { path: paths.adminUsers, label: 'Users', ownUsers: true },
  { path: paths.adminInvites, label: 'Invitations', ownUsers: true },
  { path: paths.adminClients, label: 'Client sites' },
  { path: paths.adminAddresses, label: 'Suspended addresses' },
  { path: paths.adminMails, label: 'Dead mails', ownUsers: true },
  { path: paths.adminAudit, label: 'Audit log' },
] as const

type AdminPage = {
  /** From `src/`, inside the layout `/admin/admin-layout`. */
  template: string
  title: string
  /** Which part of the menu it belongs to. */
  section: (typeof sections)[number]['path']
  /** What was done just before. */
  notice?: string
  failed?: boolean
  data: object
}

type Section = { path: string; label: string; ownUsers?: boolean }

/** Without what a user service does by itself. */
function sectionsOf({ ownUsers }: Site): Section[] {
  return sections.filter((section: Section) => ownUsers || section.ownUsers !== true)
}

/** A page for admins: wider than the others, with the menu. */
export function renderAdminPage(site: Site, { section, notice = '', data, ...page }: AdminPage) {
  return renderPage(site, {
    ...page,
    signedIn: true,
    data: { ...data, title: page.title, notice, section, sections: sectionsOf(site), wide: true },
  })
}
