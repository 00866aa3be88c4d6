import type { DeadMail } from 'mail-delivery/queues'
import type { Invites } from '../accounts/invitations/invite.model.ts'
import type { Users } from '../users/user.model.ts'
import {
  changeMail,
  countGivenUpOwners,
  findGivenUpMails,
  type PlacedMail,
  removeMail,
} from './outboxes.ts'

type Deps = { users: Users; invites: Invites }
/** Which mails: all where no ids are given. */
type Chosen = { ids?: readonly string[] | undefined }

/**
 * Mails that were given up and lie in their outbox still, oldest first, `limit` at most; never their
 * link. `total` counts the users and invites that have any: hardly anyone has two, and it is never
 * more than there are.
 */
export async function listGivenUp(
  deps: Deps,
  { limit }: { limit: number },
): Promise<{ mails: DeadMail[]; total: number }> {
  const found = await findGivenUpMails(deps, { limit })
  const total = Math.max(found.length, await countGivenUpOwners(deps))
  return { mails: found.slice(0, limit).map(described), total }
}

function described({ entry: { id, kind, to, reason, attempts, failedAt } }: PlacedMail): DeadMail {
  const failed = failedAt?.toISOString() ?? null
  return { id, kind, to, reason: reason ?? 'unknown', tries: attempts, failedAt: failed }
}

/** Has them sent again, from the first try on; gives how many. */
export async function retryGivenUp(deps: Deps, chosen: Chosen = {}): Promise<number> {
  const again = { dueAt: new Date(), attempts: 0, failedAt: null, reason: null }
  const changed = await Promise.all(
    (await choose(deps, chosen)).map((mail) => changeMail(mail, again)),
  )
  return changed.filter((mail) => mail !== undefined).length
}

/** Throws them away for good; gives how many. */
export async function dropGivenUp(deps: Deps, chosen: Chosen = {}): Promise<number> {
  const mails = await choose(deps, chosen)
  await Promise.all(mails.map((mail) => removeMail(mail)))
  return mails.length
}

async function choose(deps: Deps, { ids }: Chosen): Promise<PlacedMail[]> {
  const mails = await findGivenUpMails(deps)
  return ids ? mails.filter(({ entry }) => ids.includes(entry.id)) : mails
}
