import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { connectMongo, type MongoConnection } from '../storage/connect-mongo.ts'
import { ensureUserIndexes } from './ensure-indexes.ts'
import { userModel } from '../users/user.model.ts'

let connection: MongoConnection
beforeEach(async () => {
  connection = await connectMongo(testMongoUrl())
})
afterEach(async () => {
  await connection.dropDatabase()
  await connection.close()
})

describe('ensureUserIndexes', () => {
  it('creates missing indexes and accepts existing ones', async () => {
    const users = userModel(connection)
    await ensureUserIndexes(users)
    await ensureUserIndexes(users)
    const keys = (await users.listIndexes()).map(({ key }) => Object.keys(key).join())
    expect(keys).toEqual(expect.arrayContaining(['_id', 'emailKey', 'usernameKey', 'invite']))
  })

  it('refuses a database in which two users have the same name (F9)', async () => {
    const twice = [1, 2].map((n) => ({ usernameKey: 'same', emailKey: `${n}@mail.test` }))
    await connection.db.collection('users').insertMany(twice)
    await expect(ensureUserIndexes(userModel(connection))).rejects.toThrow('unique indexes')
  })

  it('refuses an existing index that is not unique (F9)', async () => {
    await connection.db.collection('users').createIndex({ emailKey: 1 }, { name: 'emailKey_1' })
    await expect(ensureUserIndexes(userModel(connection))).rejects.toThrow(/unique index/)
  })
})
