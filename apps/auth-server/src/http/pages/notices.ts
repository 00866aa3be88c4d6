import { accountNotices } from '../../accounts/settings/account.notices.ts'
import { adminNotices } from '../../admin/admin.notices.ts'
import { confirmationNotices } from '../../accounts/sign-up/confirmation.notices.ts'
import { passwordResetNotices } from '../../accounts/recovery/password-reset.notices.ts'
import { sessionNotices } from '../../sessions/sessions.notices.ts'
import type { Site } from './render-page.ts'

/** What a page says about what was done just before, by the name it goes by in the address. */
const notices = {
  ...accountNotices,
  ...adminNotices,
  ...confirmationNotices,
  ...passwordResetNotices,
  ...sessionNotices,
}

export type Notice = keyof typeof notices

/** The address of a page that is to show that notice. */
export function noticeUrl(site: Site, path: string, notice: Notice): string {
  return `${site.url(path)}?notice=${notice}`
}

/** The words for a name in an address; empty for any other. */
export function noticeText(name: unknown): string {
  const found = Object.entries(notices).find(([notice]) => notice === name)
  return found?.[1] ?? ''
}
