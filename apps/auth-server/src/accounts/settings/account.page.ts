import { moment } from '../../http/pages/moment.ts'
import { renderPage, type Site } from '../../http/pages/render-page.ts'

type Account = {
  user: { username: string; email: string; roles: string[]; verifiedAt: string | null }
  signedInAt: Date
  expiresAt: Date
  /** What was done just before. */
  notice?: string
}

/** Who is signed in, since when and until when, what to change, and the way out. */
export function accountPage(
  site: Site,
  { user, signedInAt, expiresAt, notice = '' }: Account,
): string {
  return renderPage(site, {
    signedIn: true,
    template: 'accounts/settings/account.page.eta',
    title: 'Your account',
    data: {
      notice,
      username: user.username,
      email: user.email,
      roles: user.roles,
      verified: user.verifiedAt === null ? null : moment(new Date(user.verifiedAt)),
      signedIn: moment(signedInAt),
      expires: moment(expiresAt),
    },
  })
}
