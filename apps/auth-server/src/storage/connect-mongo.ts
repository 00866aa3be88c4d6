import { type Connection, createConnection, type mongo } from 'mongoose'
import { reopenWhenStuck } from './reopen-when-stuck.ts'

/** A connection that is up, so that it has a database. */
export type MongoConnection = Connection & { readonly db: mongo.Db }

// A request gets its answer within two seconds even if MongoDB hangs (F8, R63). The driver has no
// deadline for a whole operation, so these limit its steps; a retry would take them all again.
const limits = {
  serverSelectionTimeoutMS: 1_500,
  connectTimeoutMS: 1_000,
  waitQueueTimeoutMS: 700,
  socketTimeoutMS: 1_200,
  retryReads: false,
  retryWrites: false,
  maxPoolSize: 20,
}
const MOST_TRIES = 3

/**
 * Connects to MongoDB. Every operation ends within two seconds, even on a server that accepts
 * connections and never answers. During a later outage operations fail; the connection recovers by
 * itself.
 *
 * @param options.patienceMs how long one step may take if no request waits for it
 * @throws Error if MongoDB cannot be reached
 */
export async function connectMongo(
  url: string,
  { patienceMs }: { patienceMs?: number } = {},
): Promise<MongoConnection> {
  const patience =
    patienceMs === undefined ? {} : { waitQueueTimeoutMS: patienceMs, socketTimeoutMS: patienceMs }
  const calls = { bufferCommands: false, autoIndex: false, autoCreate: false }
  const options = { ...limits, ...patience, ...calls }
  const connection = createConnection(url, options)
  const open = () => connection.openUri(url, options)
  // Without a listener the driver's error about a lost server would end the process.
  connection.on('error', () => undefined)
  await waitUntilOpen(connection, open)
  if (!hasDatabase(connection)) throw new Error('The MongoDB connection has no database.')
  reopenWhenStuck(connection, open)
  return connection
}

// A busy server may need longer for a connection than a request may wait for one
// (`waitQueueTimeoutMS`). No request waits at startup, so the connection is opened again.
async function waitUntilOpen(connection: Connection, open: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      await (tries === 1 ? connection.asPromise() : open())
      return
    } catch (cause) {
      const isSlow = cause instanceof Error && cause.name === 'MongoWaitQueueTimeoutError'
      if (!isSlow || tries === MOST_TRIES)
        throw new Error('MongoDB cannot be reached: see MONGO_URL.', { cause })
    }
  }
}

function hasDatabase(connection: Connection): connection is MongoConnection {
  return connection.db !== undefined
}
