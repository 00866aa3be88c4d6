import type { Invites } from '../accounts/invitations/invite.model.ts'
import type { Reservations } from '../accounts/reservations/reservation.model.ts'
import type { Clients } from '../oauth/clients/client.model.ts'
import type { Families } from '../oauth/families/family.model.ts'
import type { SignIns } from '../sessions/sign-in.model.ts'
import type { Users } from '../users/user.model.ts'

const uniqueFields = ['usernameKey', 'emailKey', 'invite']

/**
 * Creates the unique indexes of users and checks that they exist. Without them two people could have
 * the same user name, so the server must not listen (F9).
 *
 * @throws Error naming the missing index
 */
export async function ensureUserIndexes(users: Users): Promise<void> {
  await ensureUnique(users, uniqueFields)
}

/** `ensureUserIndexes` for invites. */
export async function ensureInviteIndexes(invites: Invites): Promise<void> {
  await ensureUnique(invites, ['tokenHash'])
}

/** `ensureUserIndexes` for reservations. */
export async function ensureReservationIndexes(reservations: Reservations): Promise<void> {
  await ensureUnique(reservations, ['usernameKey'])
}

/** `ensureUserIndexes` for clients, their families and SSO sessions. */
export async function ensureTokenIndexes(stores: {
  clients: Clients
  families: Families
  signIns: SignIns
}): Promise<void> {
  await ensureUnique(stores.clients, ['audience'])
  await Promise.all([stores.families.createIndexes(), stores.signIns.createIndexes()])
}

async function ensureUnique(
  model: Users | Invites | Reservations | Clients,
  fields: string[],
): Promise<void> {
  const name = model.collection.collectionName
  await model.createIndexes().catch((error: unknown) => {
    throw new Error(`Cannot create the unique indexes of the ${name}.`, { cause: error })
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
