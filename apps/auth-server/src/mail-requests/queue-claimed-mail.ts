import type { RouteDeps } from '../route-deps.ts'
import { claimMail, releaseMail } from './claim-mail.ts'
import { queueMail, type RequestedMail } from './queue-mail.ts'

type Deps = Pick<RouteDeps, 'users' | 'redis' | 'keyPrefix' | 'relay'>

/**
 * Sends the account with that address such a mail, unless one went there in the last 5 minutes.
 *
 * @returns whether it is the first one in that time; nothing tells whether there is such an account
 */
export async function queueClaimedMail(
  deps: Deps,
  claim: { kind: RequestedMail; emailKey: string },
): Promise<boolean> {
  if (!(await claimMail(deps, claim))) return false
  try {
    await queueMail(deps.users, claim)
  } catch (error) {
    await releaseMail(deps, claim)
    throw error
  }
  deps.relay.wake()
  return true
}
