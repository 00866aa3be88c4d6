import { createHash } from 'node:crypto'
import { Types } from 'mongoose'
import { mailEntry, type OutboxEntry } from '../outbox/mail-entry.ts'
import type { Users } from '../users/user.model.ts'

/** Which mail an address may ask for, and what its account has to be like. */
export type RequestedMail = 'confirm' | 'reset'

/**
 * Puts a mail into the outbox of the account with that address, where there is one that it is for.
 * It goes to the address as stored, whatever was typed (C22). Where there is no such account, the
 * same work is done on a document that nobody reads: one look, one write (R9).
 *
 * @returns whose account it is
 */
export async function queueMail(
  users: Users,
  { kind, emailKey }: { kind: RequestedMail; emailKey: string },
): Promise<{ id: string; username: string } | null> {
  const open = kind === 'confirm' ? { verifiedAt: null } : {}
  const condition = { emailKey: { $eq: emailKey }, deletingAt: null, ...open }
  const user = await users.findOne(condition, { email: 1, username: 1 }).lean()
  const entry = mailEntry({ kind, to: user?.email ?? emailKey })
  if (!user) {
    await pretend(users, emailKey, entry)
    return null
  }
  const { _id: id, username } = user
  // By its id, as the other: no server has to look for it a second time.
  await users.updateOne({ _id: id, ...condition }, { $push: { outbox: entry } })
  return { id: id.toHexString(), username }
}

// A few documents, so that requests at once do not wait for each other more than real ones would;
// through a model with the same schema, because preparing the write takes time as well.
async function pretend(users: Users, emailKey: string, entry: OutboxEntry): Promise<void> {
  const nobodies = users.db.models.Nobody ?? users.db.model('Nobody', users.schema, 'nobodies')
  const byte = createHash('sha256').update(emailKey).digest().readUInt8(0) % 32
  const id = new Types.ObjectId(byte.toString(16).padStart(24, '0'))
  const change = { $set: { outbox: [entry] } }
  await nobodies.updateOne({ _id: id, deletingAt: null }, change, { upsert: true })
}
