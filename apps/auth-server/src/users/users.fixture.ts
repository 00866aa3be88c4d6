import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { readConfig } from '../config.ts'
import { connectMongo } from '../storage/connect-mongo.ts'
import { ensureUserIndexes } from '../storage/ensure-indexes.ts'
import { userModel } from './user.model.ts'

export const passphrase = 'seven quiet rivers meet'

/** Users in a database of the test file's own, unless told which, with the cheapest hashes. */
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

/** What `createUser` takes, under a name that is free. */
export function newUser(given: { username?: string; email?: string; password?: string } = {}) {
  const username = given.username ?? `u${crypto.randomUUID().slice(0, 8)}`
  const email = given.email ?? `${username}@mail.test`
  return { username, email, password: passphrase, roles: [], verifiedAt: null, ...given }
}
