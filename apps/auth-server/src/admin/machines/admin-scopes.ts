import type { Request } from 'express'
import { paths } from '../../http/paths.ts'

/** The scope that a machine needs for each section of the admin routes. */
export const adminScopes = {
  [paths.admin]: 'admin:audit',
  [paths.adminUsers]: 'admin:users',
  [paths.adminInvites]: 'admin:invites',
  [paths.adminClients]: 'admin:clients',
  [paths.adminAddresses]: 'admin:users',
  [paths.adminMails]: 'admin:mail',
  [paths.adminAudit]: 'admin:audit',
  [paths.adminAuditCsv]: 'admin:audit',
} as const

/** The scope for a request below `/admin`; undefined for a path of no section. */
export function adminScopeOf({ path }: Pick<Request, 'path'>): string | undefined {
  const [, section = ''] = path.toLowerCase().split('/')
  const scopes: Record<string, string> = adminScopes
  return scopes[section === '' ? paths.admin : `${paths.admin}/${section}`]
}
