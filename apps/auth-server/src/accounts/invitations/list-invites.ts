import type { Users } from '../../users/user.model.ts'
import { type Cursor, readCursor, writeCursor } from '../../storage/cursor.ts'
import type { InviteRecord, Invites } from './invite.model.ts'

export type ListedInvite = {
  id: string
  email: string | null
  state: 'open' | 'used' | 'expired' | 'revoked'
  /** The user who used it; the name is null if that account was deleted. */
  usedBy: { id: string; username: string | null } | null
  createdAt: Date
  expiresAt: Date
  /** Why the e-mail with the invitation was given up; null if it was not. */
  mailFailure: string | null
}

type Claimant = { id: string; username: string }

type InvitePage = {
  invites: ListedInvite[]
  /** Cursor of the next page; null on the last one. */
  next: string | null
}

type PageOptions = { limit?: number; after?: string | undefined; now?: Date }

/**
 * A page of invites, newest first, with their state and the users who used them. `after` is the
 * `next` of the previous page; an invalid one gives the first page.
 */
export async function listInvites(
  { users, invites }: { users: Users; invites: Invites },
  { limit = 50, after, now = new Date() }: PageOptions = {},
): Promise<InvitePage> {
  const last = readCursor(after)
  const found = await invites
    .find(last ? olderThan(last) : {})
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .lean()
  const records = found.slice(0, limit)
  const ids = records.map(({ _id }) => _id)
  const claimants = await findClaimants(users, ids)
  const page = records.map(({ _id, ...record }) => ({
    id: _id,
    ...listedInvite(record, claimants.get(_id), now),
  }))
  const end = page.at(-1)
  const more = end && found.length > limit ? writeCursor({ ...end, at: end.createdAt }) : null
  return { invites: page, next: more }
}

function olderThan({ at, id }: Cursor) {
  return { $or: [{ createdAt: { $lt: at } }, { createdAt: { $eq: at }, _id: { $lt: id } }] }
}

async function findClaimants(users: Users, ids: string[]): Promise<Map<string, Claimant>> {
  const found = await users.find({ 'claimed.invite': { $in: ids } }).lean()
  return new Map(
    found.flatMap(({ _id, username, claimed }) =>
      claimed.map(({ invite }) => [invite, { id: _id.toHexString(), username }]),
    ),
  )
}

function listedInvite(
  record: Omit<InviteRecord, '_id'>,
  claimant: Claimant | undefined,
  now: Date,
): Omit<ListedInvite, 'id'> {
  const { email, createdAt, expiresAt, outbox } = record
  const gone = record.usedBy === null ? null : { id: record.usedBy, username: null }
  const usedBy = claimant ?? gone
  const state = stateOf(record, { isUsed: usedBy !== null, now })
  const mailFailure = outbox.find(({ failedAt }) => failedAt !== null)?.reason ?? null
  return { email, state, usedBy, createdAt, expiresAt, mailFailure }
}

function stateOf(
  { usedAt, revokedAt, expiresAt }: Pick<InviteRecord, 'usedAt' | 'revokedAt' | 'expiresAt'>,
  { isUsed, now }: { isUsed: boolean; now: Date },
): ListedInvite['state'] {
  if (isUsed || usedAt) return 'used'
  if (revokedAt) return 'revoked'
  return expiresAt <= now ? 'expired' : 'open'
}
