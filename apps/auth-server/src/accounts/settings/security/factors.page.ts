import { moment } from '../../../http/pages/moment.ts'
import { renderPage, type Site } from '../../../http/pages/render-page.ts'
import type { DescribedFactors } from '../../../sign-in/factors/describe-factors.ts'

type FactorsForm = {
  isPending: boolean
  /** What a passkey made here would be called. */
  device: string
  notice: string
  error: string
}

/** The one list of ways to sign in. */
export function factorsPage(site: Site, page: DescribedFactors & FactorsForm): string {
  const { totp, passkeys, recoveryCodes, ...rest } = page
  return renderPage(site, {
    template: 'accounts/settings/security/factors.page.eta',
    title: page.isPending ? 'Set up a second factor' : 'Ways to sign in',
    signedIn: !page.isPending,
    roomy: true,
    data: {
      ...rest,
      fields: {},
      totpSince: totp && moment(totp.confirmedAt),
      passkeys: passkeys.map(({ createdAt, lastUsedAt, ...passkey }) => ({
        ...passkey,
        created: moment(createdAt),
        lastUsed: lastUsedAt && moment(lastUsedAt),
      })),
      codesLeft: recoveryCodes.left,
    },
  })
}
