import { paths } from '../http/paths.ts'
import { renderPage, type Site } from '../http/pages/render-page.ts'

/** The sections of the admin pages, in the order of the menu. */
const sections = [
  { path: paths.admin, label: 'Overview' },
  { path: paths.adminUsers, label: 'Users', ownUsers: true },
  { path: paths.adminInvites, label: 'Invitations', ownUsers: true },
  { path: paths.adminClients, label: 'Client sites' },
  { path: paths.adminAddresses, label: 'Blocked addresses' },
  { path: paths.adminMails, label: 'Dead e-mails', ownUsers: true },
  { path: paths.adminAudit, label: 'Audit log' },
] as const

type AdminPage = {
  /** Path from `src/`; rendered inside the layout `/admin/admin-layout`. */
  template: string
  title: string
  /** The menu entry it belongs to. */
  section: (typeof sections)[number]['path']
  /** What the previous request changed. */
  notice?: string
  failed?: boolean
  data: object
}

type Section = { path: string; label: string; ownUsers?: boolean }

/** Leaves out what a user service does itself. */
function sectionsOf({ ownUsers }: Site): Section[] {
  return sections.filter((section: Section) => ownUsers || section.ownUsers !== true)
}

/** A page for admins: wider than the others and with a menu. */
export function renderAdminPage(site: Site, { section, notice = '', data, ...page }: AdminPage) {
  return renderPage(site, {
    ...page,
    signedIn: true,
    data: { ...data, title: page.title, notice, section, sections: sectionsOf(site), wide: true },
  })
}
