import type { MongoConnection } from '../storage/connect-mongo.ts'
import { ensureInviteIndexes } from '../storage/ensure-indexes.ts'
import { inviteModel, type Invites } from './invite.model.ts'

/** The invites of a test's database, their indexes made. */
export async function testInvites(connection: MongoConnection): Promise<Invites> {
  const invites = inviteModel(connection)
  await ensureInviteIndexes(invites)
  return invites
}
