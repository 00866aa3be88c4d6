import { type mongo, Types } from 'mongoose'
import { findInvitesWithMail } from '../accounts/invitations/find-invites-with-mail.ts'
import type { Invite, Invites } from '../accounts/invitations/invite.model.ts'
import { findUsersWithMail } from '../users/find-users-with-mail.ts'
import type { User, Users } from '../users/user.model.ts'
import type { OutboxEntry } from './mail-entry.ts'

/** Whose document a mail waits in: the user or the invite that it is about. */
export type MailOwner = { user: User } | { invite: Invite }

/** A mail, and where it lies. */
export type PlacedMail = { entry: OutboxEntry; place: Place }

/** A mail that is due. */
export type DueMail = PlacedMail & { owner: MailOwner }

type Place = { collection: Collection; id: OwnerDocument['_id']; index: number }
type OwnerDocument = { _id: Types.ObjectId | string; outbox: OutboxEntry[] }
type Collection = mongo.Collection<OwnerDocument>

/** Mails that are to be sent by now, of at most `limit` users and as many invites. */
export async function findDueMails(
  { users, invites }: { users: Users; invites: Invites },
  { now, limit }: { now: Date; limit: number },
): Promise<DueMail[]> {
  const [dueUsers, dueInvites] = await Promise.all([
    findUsersWithMail(users, { now, limit }),
    findInvitesWithMail(invites, { now, limit }),
  ])
  const mails = [
    ...dueUsers.flatMap((user) => {
      const place = { collection: ownersIn(users), id: new Types.ObjectId(user.id) }
      return mailsIn(user.outbox, { user }, place)
    }),
    ...dueInvites.flatMap((invite) => {
      const place = { collection: ownersIn(invites), id: invite.id }
      return mailsIn(invite.outbox, { invite }, place)
    }),
  ]
  return mails.filter(({ entry: { dueAt } }) => dueAt !== null && dueAt <= now)
}

const givenUp = { 'outbox.failedAt': { $gte: new Date(0) } }

/**
 * Mails that were given up, oldest first.
 *
 * @param options.limit of so many users and as many invites at most
 */
export async function findGivenUpMails(
  { users, invites }: { users: Users; invites: Invites },
  { limit = 0 }: { limit?: number } = {},
): Promise<PlacedMail[]> {
  const find = (model: Users | Invites) => givenUpIn(ownersIn(model), limit)
  const found = [...(await find(users)), ...(await find(invites))]
  const failedAt = ({ entry }: PlacedMail) => entry.failedAt?.getTime() ?? 0
  return found.toSorted((one, other) => failedAt(one) - failedAt(other))
}

/** How many users and invites have a mail that was given up. */
export async function countGivenUpOwners(stores: { users: Users; invites: Invites }) {
  const counts = [stores.users, stores.invites].map((model) =>
    ownersIn(model).countDocuments(givenUp),
  )
  return (await Promise.all(counts)).reduce((sum, count) => sum + count)
}

async function givenUpIn(collection: Collection, limit: number): Promise<PlacedMail[]> {
  const found = collection.find(givenUp).sort({ 'outbox.failedAt': 1 }).limit(limit)
  const owners = await found.toArray()
  return owners.flatMap(({ _id: id, outbox }) =>
    outbox
      .map((entry, index) => ({ entry, place: { collection, id, index } }))
      .filter(({ entry }) => entry.failedAt !== null),
  )
}

// What happens to an entry is the same in every document that holds some.
function ownersIn(model: Users | Invites): Collection {
  return model.db.collection<OwnerDocument>(model.collection.collectionName)
}

function mailsIn(
  outbox: OutboxEntry[],
  owner: MailOwner,
  document: Omit<Place, 'index'>,
): DueMail[] {
  return outbox.map((entry, index) => ({ owner, entry, place: { ...document, index } }))
}

/**
 * Puts another state of the entry in its place, unless somebody else did in the meantime. Entries
 * before it may have been taken out since, so its place is looked for from the one it had downwards.
 *
 * @returns the mail with that state, or undefined
 */
export async function changeMail<Mail extends PlacedMail>(
  mail: Mail,
  change: Partial<OutboxEntry>,
): Promise<Mail | undefined> {
  const { collection, id } = mail.place
  const entry = { ...mail.entry, ...change }
  for (let { index } = mail.place; index >= 0; index -= 1) {
    const unchanged = {
      [`outbox.${index}.id`]: mail.entry.id,
      [`outbox.${index}.dueAt`]: mail.entry.dueAt,
    }
    const state = { $set: { [`outbox.${index}`]: entry } }
    // One place is the rule.
    // oxlint-disable-next-line no-await-in-loop
    const { modifiedCount } = await collection.updateOne({ _id: id, ...unchanged }, state)
    if (modifiedCount === 1) return { ...mail, entry, place: { ...mail.place, index } }
  }
  return undefined
}

/** Takes a mail that was sent out of its document. */
export async function removeMail({ place: { collection, id }, entry }: PlacedMail): Promise<void> {
  // By the whole value: not every server understands a condition here.
  await collection.updateOne({ _id: id }, { $pull: { outbox: entry } })
}

/** How many users and invites have mails that wait to be handed over. */
export async function countOutboxes({
  users,
  invites,
}: {
  users: Users
  invites: Invites
}): Promise<number> {
  // What was given up is not due.
  const waiting = { 'outbox.dueAt': { $gt: new Date(0) } }
  const counts = await Promise.all([users.countDocuments(waiting), invites.countDocuments(waiting)])
  return counts.reduce((sum, count) => sum + count)
}
