import { startTcpProxy } from '../../../tools/testing/tcp-proxy.ts'
import { startTestApp } from './auth-server.fixture.ts'
import { watched } from './watched-commands.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>
type Started = { command: object }

/** A second server beside that one, with the same sessions; only it has its MongoDB behind `proxy`. */
export async function startBehindProxy(server: Server) {
  const { config } = server
  const proxy = await startTcpProxy({ url: config.mongoUrl })
  const mongoUrl = `${proxy.url}${new URL(config.mongoUrl).pathname}?${watched}`
  const behind = await startTestApp(
    {
      SESSION_SECRETS: config.sessionSecrets.join(),
      KEY_ENCRYPTION_KEY: config.keyEncryptionKeys.join(),
    },
    { beside: { ...server, config: { ...config, mongoUrl } } },
  )
  const database = behind.users.db.getClient()

  return {
    ...behind,
    proxy,

    /** Calls `act` once, when its MongoDB is about to be asked such a thing; resolves then. */
    onCommand(isSuch: (started: Started) => boolean, act: () => void): Promise<void> {
      return new Promise((resolve) => {
        database.on('commandStarted', function look(started: Started) {
          if (!isSuch(started)) return
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
