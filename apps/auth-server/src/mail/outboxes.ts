import type { Model, mongo, Types } from 'mongoose'
import type { OutboxEntry } from './mail-entry.ts'

/** A collection whose documents hold e-mails to send, each in the document it is about. */
export type Outbox<Owner = unknown> = {
  collection: Collection
  /** At most `limit` documents that hold an e-mail due by `now`. */
  findDue: (due: { now: Date; limit: number }) => Promise<DueDocument<Owner>[]>
}

/** An e-mail and its place. */
export type PlacedMail = { entry: OutboxEntry; place: Place }

/** An e-mail that is due, and the user or invite it is about. */
export type DueMail<Owner> = PlacedMail & { owner: Owner; outbox: OutboxEntry[] }

type Place = { collection: Collection; id: OwnerDocument['_id']; index: number }
type DueDocument<Owner> = { id: Place['id']; outbox: OutboxEntry[]; owner: Owner }
type OwnerDocument = { _id: Types.ObjectId | string; outbox: OutboxEntry[] }
type Collection = mongo.Collection<OwnerDocument>

/** The outbox of a model whose schema has `outboxField`. */
export function outboxOf<Stored extends OwnerDocument, Owner>(
  model: Model<Stored>,
  toOwner: (stored: Stored) => Owner,
): Outbox<Owner> {
  return {
    collection: model.db.collection<OwnerDocument>(model.collection.collectionName),
    async findDue({ now, limit }) {
      const due = model.where('outbox.dueAt', { $lte: now }).limit(limit)
      const found = await due.lean<Stored[]>()
      return found.map((stored) => {
        const { _id: id, outbox } = stored
        return { id, outbox, owner: toOwner(stored) }
      })
    },
  }
}

/** E-mails due by `now`, from at most `limit` documents of each outbox. */
export async function findDueMails<Owner>(
  outboxes: readonly Outbox<Owner>[],
  due: { now: Date; limit: number },
): Promise<DueMail<Owner>[]> {
  const found = await Promise.all(outboxes.map((outbox) => mailsIn(outbox, due)))
  return found.flat().filter(({ entry: { dueAt } }) => dueAt !== null && dueAt <= due.now)
}

async function mailsIn<Owner>(
  { collection, findDue }: Outbox<Owner>,
  due: { now: Date; limit: number },
): Promise<DueMail<Owner>[]> {
  const documents = await findDue(due)
  return documents.flatMap(({ id, outbox, owner }) =>
    outbox.map((entry, index) => ({ owner, outbox, entry, place: { collection, id, index } })),
  )
}

const givenUp = { 'outbox.failedAt': { $gte: new Date(0) } }

/**
 * E-mails that were given up, oldest first.
 *
 * @param options.limit documents of each outbox at most; 0 is no limit
 */
export async function findGivenUpMails(
  outboxes: readonly Outbox[],
  { limit = 0 }: { limit?: number } = {},
): Promise<PlacedMail[]> {
  const found = await Promise.all(outboxes.map(({ collection }) => givenUpIn(collection, limit)))
  const failedAt = ({ entry }: PlacedMail) => entry.failedAt?.getTime() ?? 0
  return found.flat().toSorted((one, other) => failedAt(one) - failedAt(other))
}

/** How many documents hold an e-mail that was given up. */
export async function countGivenUpOwners(outboxes: readonly Outbox[]): Promise<number> {
  return await countOwners(outboxes, givenUp)
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

/**
 * Changes an entry, unless it has changed since it was read. Entries before it may have been removed
 * meanwhile, so it is looked for from its old index downwards.
 *
 * @returns the changed e-mail; undefined if nothing was written
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
    // Nearly always the first index matches.
    // oxlint-disable-next-line no-await-in-loop
    const { modifiedCount } = await collection.updateOne({ _id: id, ...unchanged }, state)
    if (modifiedCount === 1) return { ...mail, entry, place: { ...mail.place, index } }
  }
  return undefined
}

/** Removes an e-mail from its document. */
export async function removeMail({ place: { collection, id }, entry }: PlacedMail): Promise<void> {
  // The whole value, because not every server supports a condition in $pull.
  await collection.updateOne({ _id: id }, { $pull: { outbox: entry } })
}

/** How many documents hold an e-mail that is still to be handed over. */
export async function countOutboxes(outboxes: readonly Outbox[]): Promise<number> {
  // An e-mail that was given up has no `dueAt`.
  return await countOwners(outboxes, { 'outbox.dueAt': { $gt: new Date(0) } })
}

async function countOwners(
  outboxes: readonly Outbox[],
  filter: mongo.Filter<OwnerDocument>,
): Promise<number> {
  const counts = outboxes.map(({ collection }) => collection.countDocuments(filter))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
