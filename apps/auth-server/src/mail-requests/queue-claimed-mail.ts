import type { RouteDeps } from '../route-deps.ts'
import { claimMail, releaseMail } from './claim-mail.ts'
import type { RequestedMail } from './mail-request.model.ts'
import { queueMail } from './queue-mail.ts'

type Deps = Pick<RouteDeps, 'users' | 'redis' | 'keyPrefix'>

/**
 * Queues such a mail for the account with that address, unless one went there in the last 5
 * minutes.
 *
 * @returns whose account that is, null where there is none; undefined when another mail went before
 */
export async function queueClaimedMail(
  deps: Deps,
  claim: { kind: RequestedMail; emailKey: string },
): Promise<{ user: Awaited<ReturnType<typeof queueMail>> } | undefined> {
  if (!(await claimMail(deps, claim))) return undefined
  try {
    return { user: await queueMail(deps.users, claim) }
  } catch (error) {
    await releaseMail(deps, claim)
    throw error
  }
}
