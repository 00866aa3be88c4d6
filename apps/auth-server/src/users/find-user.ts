import { Types } from 'mongoose'
import { normalizeIdentity } from './normalize-identity.ts'
import { toUser, type User, type Users } from './user.model.ts'

/** The user with that name or e-mail address (only the latter holds an `@`), in any case. */
export async function findUserByLogin(users: Users, login: string): Promise<User | null> {
  const key = normalizeIdentity(login)
  const condition = key.includes('@') ? { emailKey: { $eq: key } } : { usernameKey: { $eq: key } }
  const record = await users.findOne(condition).lean()
  return record && toUser(record)
}

/** The user with that id; null also for what is no id. */
export async function findUserById(users: Users, id: string): Promise<User | null> {
  if (!/^[0-9a-f]{24}$/.test(id)) return null
  const record = await users.findOne({ _id: new Types.ObjectId(id) }).lean()
  return record && toUser(record)
}
