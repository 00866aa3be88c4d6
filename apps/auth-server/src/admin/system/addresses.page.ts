import { moment } from '../../http/pages/moment.ts'
import type { Site } from '../../http/pages/render-page.ts'
import { paths } from '../../http/paths.ts'
import type { BlockedAddress } from '../../sign-in/attempts/list-blocked-addresses.ts'
import { renderAdminPage } from '../render-admin-page.ts'

/** The network addresses that are blocked now, each with a button that unblocks it. */
export function addressesPage(
  site: Site,
  { addresses, notice = '' }: { addresses: BlockedAddress[]; notice?: string },
): string {
  return renderAdminPage(site, {
    template: 'admin/system/addresses.page.eta',
    title: 'Blocked addresses',
    section: paths.adminAddresses,
    notice,
    data: {
      addresses: addresses.map(({ since, until, ...block }) => ({
        ...block,
        since: moment(since),
        until: moment(until),
      })),
    },
  })
}
