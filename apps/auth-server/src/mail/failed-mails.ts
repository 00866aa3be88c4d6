import type { DeadMail } from 'mail-delivery/queues'
import {
  changeMail,
  countGivenUpOwners,
  findGivenUpMails,
  type Outbox,
  type PlacedMail,
  removeMail,
} from './outboxes.ts'

type Outboxes = readonly Outbox[]
/** Which e-mails: all of them without ids. */
type Chosen = { ids?: readonly string[] | undefined }

/**
 * E-mails that were given up and are still in their outbox, oldest first, at most `limit`; never
 * their link. `total` counts the documents that hold any, so it may fall short, but never exceeds.
 */
export async function listGivenUp(
  outboxes: Outboxes,
  { limit }: { limit: number },
): Promise<{ mails: DeadMail[]; total: number }> {
  const found = await findGivenUpMails(outboxes, { limit })
  const total = Math.max(found.length, await countGivenUpOwners(outboxes))
  return { mails: found.slice(0, limit).map(described), total }
}

function described({ entry: { id, kind, to, reason, attempts, failedAt } }: PlacedMail): DeadMail {
  const failed = failedAt?.toISOString() ?? null
  return { id, kind, to, reason: reason ?? 'unknown', tries: attempts, failedAt: failed }
}

/** Sends them again, starting from the first attempt. Returns how many. */
export async function retryGivenUp(outboxes: Outboxes, chosen: Chosen = {}): Promise<number> {
  const again = { dueAt: new Date(), attempts: 0, failedAt: null, reason: null }
  const changed = await Promise.all(
    (await choose(outboxes, chosen)).map((mail) => changeMail(mail, again)),
  )
  return changed.filter((mail) => mail !== undefined).length
}

/** Deletes them for good. Returns how many. */
export async function dropGivenUp(outboxes: Outboxes, chosen: Chosen = {}): Promise<number> {
  const mails = await choose(outboxes, chosen)
  await Promise.all(mails.map((mail) => removeMail(mail)))
  return mails.length
}

async function choose(outboxes: Outboxes, { ids }: Chosen): Promise<PlacedMail[]> {
  const mails = await findGivenUpMails(outboxes)
  return ids ? mails.filter(({ entry }) => ids.includes(entry.id)) : mails
}
