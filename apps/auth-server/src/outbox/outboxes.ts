import { Types, type mongo } from 'mongoose'
import { findInvitesWithMail } from '../invitations/find-invites-with-mail.ts'
import type { Invite, Invites } from '../invitations/invite.model.ts'
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

/** Mails that were given up, oldest first. */
export async function findGivenUpMails({
  users,
  invites,
}: {
  users: Users
  invites: Invites
}): Promise<PlacedMail[]> {
  const found = await Promise.all([users, invites].map((model) => givenUpIn(ownersIn(model))))
  const failedAt = ({ entry }: PlacedMail) => entry.failedAt?.getTime() ?? 0
  return found.flat().toSorted((one, other) => failedAt(one) - failedAt(other))
}

async function givenUpIn(collection: Collection): Promise<PlacedMail[]> {
  const ever = { 'outbox.failedAt': { $gt: new Date(0) } }
  const owners = await collection.find(ever).toArray()
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
 * Puts another state of the entry in its place, unless somebody else did in the meantime.
 *
 * @returns the mail with that state, or undefined
 */
export async function changeMail<Mail extends PlacedMail>(
  mail: Mail,
  change: Partial<OutboxEntry>,
): Promise<Mail | undefined> {
  const { collection, id, index } = mail.place
  const entry = { ...mail.entry, ...change }
  const unchanged = {
    [`outbox.${index}.id`]: mail.entry.id,
    [`outbox.${index}.dueAt`]: mail.entry.dueAt,
  }
  const place = { [`outbox.${index}`]: entry }
  const { modifiedCount } = await collection.updateOne({ _id: id, ...unchanged }, { $set: place })
  return modifiedCount === 1 ? { ...mail, entry } : undefined
}

/** Takes a mail that was sent out of its document. */
export async function removeMail({ place: { collection, id }, entry }: PlacedMail): Promise<void> {
  // By the whole value: not every server understands a condition here.
  await collection.updateOne({ _id: id }, { $pull: { outbox: entry } })
}
