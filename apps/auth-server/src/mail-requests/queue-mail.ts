import { createHash } from 'node:crypto'
import { mailEntry } from '../outbox/mail-entry.ts'
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
  if (user) await users.updateOne(condition, { $push: { outbox: entry } })
  else await pretend(users, emailKey, entry)
  if (!user) return null
  const { _id: id, username } = user
  return { id: id.toHexString(), username }
}

// A few documents, so that requests at once do not wait for each other more than real ones would.
async function pretend(users: Users, emailKey: string, entry: object): Promise<void> {
  const nobody = createHash('sha256').update(emailKey).digest().readUInt8(0) % 32
  await users.db
    .collection<{ _id: number }>('nobodies')
    .updateOne({ _id: nobody }, { $set: { outbox: [entry] } }, { upsert: true })
}
