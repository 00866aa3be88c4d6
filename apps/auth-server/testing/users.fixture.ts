import { testMongoUrl } from '../../../tools/testing/test-services.ts'
import { readConfig } from '../src/config/config.ts'
import { connectMongo } from '../src/storage/connect-mongo.ts'
import { ensureUserIndexes } from '../src/wiring/ensure-indexes.ts'
import { userModel } from '../src/users/user.model.ts'

export const passphrase = 'seven quiet rivers meet'

/** A password that breaks each rule, with a part of the message for it. */
export const badPasswords = [
  ['eleven eels', 'Use at least 15 characters'],
  ['1qaz2wsx3edc4rfv', 'Many people use this password'],
  ['password1234567', 'a common password with digits or signs added'],
  ['the latchkey is here', 'Leave the name of this site out'],
] as const

/** Users with the cheapest hashes, by default in a new database for this test file. */
export async function testUsers(url = testMongoUrl()) {
  const connection = await connectMongo(url)
  const users = userModel(connection)
  await ensureUserIndexes(users)
  const config = readConfig({ NODE_ENV: 'test', BCRYPT_COST: '4' })
  async function close(): Promise<void> {
    await connection.dropDatabase()
    await connection.close()
  }
  return { url, connection, users, config, close }
}

/** Input for `createUser`, with a free user name by default. */
export function newUser(given: { username?: string; email?: string; password?: string } = {}) {
  const username = given.username ?? `u${crypto.randomUUID().slice(0, 8)}`
  const email = given.email ?? `${username}@mail.test`
  return { username, email, password: passphrase, roles: [], verifiedAt: null, ...given }
}
