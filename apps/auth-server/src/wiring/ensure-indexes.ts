import type { Invites } from '../accounts/invitations/invite.model.ts'
import type { Clients } from '../oauth/clients/client.model.ts'
import type { Families } from '../oauth/families/family.model.ts'
import type { SignIns } from '../sessions/sign-in.model.ts'
import type { Users } from '../users/user.model.ts'

const uniqueFields = ['usernameKey', 'emailKey', 'invite']

/**
 * Makes the unique indexes and looks whether they are there: without them two people could have
 * one name, so the server must not listen (F9).
 *
 * @throws Error naming the index that is missing
 */
export async function ensureUserIndexes(users: Users): Promise<void> {
  await ensureUnique(users, uniqueFields)
}

/** The same for the invites. */
export async function ensureInviteIndexes(invites: Invites): Promise<void> {
  await ensureUnique(invites, ['tokenHash'])
}

/** And for clients and what they were given. */
export async function ensureTokenIndexes(stores: {
  clients: Clients
  families: Families
  signIns: SignIns
}): Promise<void> {
  await ensureUnique(stores.clients, ['audience'])
  await Promise.all([stores.families.createIndexes(), stores.signIns.createIndexes()])
}

async function ensureUnique(model: Users | Invites | Clients, fields: string[]): Promise<void> {
  const name = model.collection.collectionName
  await model.createIndexes().catch((error: unknown) => {
    throw new Error(`The unique indexes of the ${name} cannot be made.`, { cause: error })
  })
  const indexes = await model.listIndexes()
  for (const field of fields) {
    const found = indexes.some(({ key, unique }) => unique === true && isOnly(field, key))
    if (!found) throw new Error(`The ${name} have no unique index on ${field}.`)
  }
}

function isOnly(field: string, key: object): boolean {
  const names = Object.keys(key)
  return names.length === 1 && names[0] === field
}
