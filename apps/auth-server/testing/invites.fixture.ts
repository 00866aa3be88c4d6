import type { MongoConnection } from '../src/storage/connect-mongo.ts'
import { ensureInviteIndexes } from '../src/wiring/ensure-indexes.ts'
import { createInvite } from '../src/accounts/invitations/create-invite.ts'
import { inviteModel, type Invites } from '../src/accounts/invitations/invite.model.ts'

/** The invites of a test's database, with their indexes. */
export async function testInvites(connection: MongoConnection): Promise<Invites> {
  const invites = inviteModel(connection)
  await ensureInviteIndexes(invites)
  return invites
}

/** Creates an invite, for one address if given. Returns its id and the token of its link. */
export async function newInvite(server: Parameters<typeof createInvite>[0], email?: string) {
  const { id, url } = await createInvite(server, { email, from: null })
  return { id, token: inviteTokenIn(url) }
}

/** The token in an invite's link. */
export function inviteTokenIn(url: string): string {
  return new URL(url).searchParams.get('token') ?? ''
}
