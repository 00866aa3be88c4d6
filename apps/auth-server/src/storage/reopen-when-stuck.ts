import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, mongo } from 'mongoose'

// The longest a heartbeat may take: one that connects and asks, and one that waits for news.
const HEARTBEAT_MS = 4_000
const AWAITED_HEARTBEAT_MS = 15_000
const PAUSE_MS = 500

/**
 * Reopens the connection when a heartbeat of the driver never ends. That happens when all
 * connections end at once, for example because the server was killed: the driver may write to a
 * socket that is destroyed but not yet closed, and wait for it without a deadline. Without this,
 * every server counts as down until the process ends.
 *
 * @param open opens the connection; called again until it resolves
 */
export function reopenWhenStuck(connection: Connection, open: () => Promise<unknown>): void {
  watchHeartbeats(connection.getClient(), async () => {
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

/** Calls `onStuck` once, when a heartbeat has started and neither succeeds nor fails in time. */
function watchHeartbeats(client: mongo.MongoClient, onStuck: () => Promise<void>): void {
  const timers = new Map<string, NodeJS.Timeout>()
  function forget(address: string): void {
    clearTimeout(timers.get(address))
    timers.delete(address)
  }
  function giveUp(): void {
    for (const address of timers.keys()) forget(address)
    void onStuck()
  }
  client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => {
    forget(connectionId)
    const timer = setTimeout(giveUp, awaited ? AWAITED_HEARTBEAT_MS : HEARTBEAT_MS)
    timers.set(connectionId, timer.unref())
  })
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => forget(connectionId))
  client.on('serverHeartbeatFailed', ({ connectionId }) => forget(connectionId))
  // Also emitted when our own code closes the connection.
  client.on('serverClosed', ({ address }) => forget(address))
}
