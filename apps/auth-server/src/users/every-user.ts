import { toUser, type User, type Users } from './user.model.ts'

/** Every user there is, one after the other, by name. */
export async function* everyUser(users: Users): AsyncIterable<User> {
  for await (const record of users.find({ deletingAt: null }).sort({ usernameKey: 1 }).lean())
    yield toUser(record)
}
