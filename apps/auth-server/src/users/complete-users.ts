import type { Users } from './user.model.ts'

/**
 * Gives users stored before there were invites what they lack: a unique index takes a missing field
 * for a value, which only one user may have.
 */
export async function completeUsers(users: Users): Promise<void> {
  const incomplete = users.find({ invite: { $exists: false } }).lean()
  for await (const { _id } of incomplete)
    await users.updateOne(
      { _id: _id, invite: { $exists: false } },
      {
        $set: {
          invite: `none:${_id.toHexString()}`,
          claimed: [],
          pendingEmail: null,
          sessionsToEnd: null,
          deletingAt: null,
          outbox: [],
        },
      },
    )
}
