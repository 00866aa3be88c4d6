import { startTcpProxy } from '../../../tools/testing/tcp-proxy.ts'
import { startTestApp } from './auth-server.fixture.ts'
import { watched } from './watched-commands.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>
type Started = { command: object }

/** Starts a second server with the same sessions. Only this one reaches MongoDB through `proxy`. */
export async function startBehindProxy(server: Server, env: Record<string, string> = {}) {
  const { config } = server
  const proxy = await startTcpProxy({ url: config.mongoUrl })
  const mongoUrl = `${proxy.url}${new URL(config.mongoUrl).pathname}?${watched}`
  const behind = await startTestApp(
    {
      ...env,
      SESSION_SECRETS: config.sessionSecrets.join(),
      KEY_ENCRYPTION_KEY: config.keyEncryptionKeys.join(),
    },
    { beside: { ...server, config: { ...config, mongoUrl } } },
  )
  const database = behind.users.db.getClient()

  return {
    ...behind,
    proxy,

    /** Calls `act` once, right before a matching command goes to MongoDB, and then resolves. */
    onCommand(matches: (started: Started) => boolean, act: () => void): Promise<void> {
      return new Promise((resolve) => {
        database.on('commandStarted', function look(started: Started) {
          if (!matches(started)) return
          database.off('commandStarted', look)
          act()
          resolve()
        })
      })
    },

    async close() {
      await behind.close()
      await proxy.stop()
    },
  }
}
