import { moment } from '../../http/pages/moment.ts'
import { renderPage, type Site } from '../../http/pages/render-page.ts'

type Account = {
  user: { username: string; email: string; roles: string[]; verifiedAt: string | null }
  /** An address that is taken over once it is confirmed. */
  pendingEmail?: string | undefined
  signedInAt: Date
  expiresAt: Date
  /** What was done just before. */
  notice?: string
}

/** Who is signed in, since when and until when, what to change, and the way out. */
export function accountPage(
  site: Site,
  { user, pendingEmail = '', signedInAt, expiresAt, notice = '' }: Account,
): string {
  return renderPage(site, {
    signedIn: true,
    roomy: true,
    template: 'accounts/settings/account.page.eta',
    title: 'Your account',
    data: {
      notice,
      username: user.username,
      email: user.email,
      pendingEmail,
      roles: user.roles,
      verified: user.verifiedAt === null ? null : moment(new Date(user.verifiedAt)),
      began: moment(signedInAt),
      ends: moment(expiresAt),
    },
  })
}
