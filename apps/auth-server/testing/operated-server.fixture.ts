import { startOwnRedis } from '../../../tools/services/own-instances.ts'
import { testMongoUrl } from '../../../tools/testing/test-services.ts'
import { startTestApp } from './auth-server.fixture.ts'
import { sessionStatus, signedIn } from './signed-in.fixture.ts'
import { connectMongo } from '../src/storage/connect-mongo.ts'
import { commandLine } from './cli.fixture.ts'

/** An auth-server with its own database and Redis, and the command line over the same stores. */
export async function startOperatedServer() {
  const [mongoUrl, redis] = [testMongoUrl(), await startOwnRedis()]
  const mailSecrets = ['a secret for links in tests of commands']
  const place = { keyPrefix: '', config: { mongoUrl, mailSecrets } }
  const server = await startTestApp({}, { redisUrl: redis.url, beside: place })
  const cli = commandLine({
    MONGO_URL: mongoUrl,
    REDIS_URL: redis.url,
    MAIL_SECRETS: mailSecrets.join(),
  })

  return {
    ...server,
    cli,

    signIn: (username: string) => signedIn(server, username),
    isSignedIn: async (cookie: string) => (await sessionStatus(server, cookie)) === 200,

    async close() {
      await server.close()
      const connection = await connectMongo(mongoUrl)
      await connection.dropDatabase()
      await connection.close()
      await redis.stop()
    },
  }
}
