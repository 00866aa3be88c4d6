import { Types, type mongo } from 'mongoose'
import { findInvitesWithMail } from '../invitations/find-invites-with-mail.ts'
import type { Invite, Invites } from '../invitations/invite.model.ts'
import { findUsersWithMail } from '../users/find-users-with-mail.ts'
import type { User, Users } from '../users/user.model.ts'
import type { OutboxEntry } from './mail-entry.ts'

/** Whose document a mail waits in: it is about them. */
export type MailOwner = { user: User } | { invite: Invite }

/** A mail that is due, and where it lies. */
export type DueMail = { owner: MailOwner; entry: OutboxEntry; place: Place }

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
export async function changeMail(
  mail: DueMail,
  change: Partial<OutboxEntry>,
): Promise<DueMail | undefined> {
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
export async function removeMail({ place: { collection, id }, entry }: DueMail): Promise<void> {
  // By the whole value: not every server understands a condition here.
  await collection.updateOne({ _id: id }, { $pull: { outbox: entry } })
}
