import type { RouteDeps } from '../../wiring/app-deps.ts'
import { claimMail } from '../../mail/claim-mail.ts'
import type { RequestedMail } from '../../mail/requested-mail.ts'
import { queueMail } from './queue-requested-mail.ts'

type Deps = Pick<RouteDeps, 'users' | 'redis' | 'keyPrefix'>

/**
 * Queues such a mail for the account with that address, unless one went there in the last 5
 * minutes.
 *
 * @returns whose account that is, null where there is none; undefined when another mail went before
 */
export async function queueClaimedMail(
  deps: Deps,
  { kind, emailKey }: { kind: RequestedMail; emailKey: string },
): Promise<{ user: Awaited<ReturnType<typeof queueMail>> } | undefined> {
  return await claimMail(deps, { kind, about: emailKey }, async (mayGo) =>
    mayGo ? { user: await queueMail(deps.users, { kind, emailKey }) } : undefined,
  )
}
