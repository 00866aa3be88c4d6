import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, mongo } from 'mongoose'

// What a look at a server takes at most: to connect and to ask; or to wait for news of it.
const LOOK_MS = 4_000
const NEWS_MS = 15_000
const PAUSE_MS = 500

/**
 * Has the connection opened anew when the driver's look at a server never ends. It happens when all
 * connections end at once, as a killed server's do: the driver may then write to a socket that is
 * destroyed and not yet closed, and waits for it without a deadline, so that every server counts
 * as away until the process ends.
 *
 * @param open opens the connection; called again until it resolves
 */
export function reopenWhenStuck(connection: Connection, open: () => Promise<unknown>): void {
  watchLooks(connection.getClient(), async () => {
    await connection.close().catch(() => undefined)
    while (!(await succeeds(open))) await sleep(PAUSE_MS, undefined, { ref: false })
    reopenWhenStuck(connection, open)
  })
}

async function succeeds(open: () => Promise<unknown>): Promise<boolean> {
  return await open().then(
    () => true,
    () => false,
  )
}

/** Calls `onStuck` once, when a look at a server has begun and neither succeeds nor fails. */
function watchLooks(client: mongo.MongoClient, onStuck: () => Promise<void>): void {
  const looks = new Map<string, NodeJS.Timeout>()
  function forget(address: string): void {
    clearTimeout(looks.get(address))
    looks.delete(address)
  }
  function giveUp(): void {
    for (const address of looks.keys()) forget(address)
    void onStuck()
  }
  client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => {
    forget(connectionId)
    looks.set(connectionId, setTimeout(giveUp, awaited ? NEWS_MS : LOOK_MS).unref())
  })
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => forget(connectionId))
  client.on('serverHeartbeatFailed', ({ connectionId }) => forget(connectionId))
  // Also if the connection was closed by its user.
  client.on('serverClosed', ({ address }) => forget(address))
}
