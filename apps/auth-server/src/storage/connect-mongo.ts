import { type Connection, createConnection, type mongo } from 'mongoose'
import { reopenWhenStuck } from './reopen-when-stuck.ts'

/** A connection that is up, so that it has a database. */
export type MongoConnection = Connection & { readonly db: mongo.Db }

// A request gets its answer within two seconds, also when MongoDB hangs (F8, R63). The driver has no
// deadline for a whole operation: these are its steps, and a retry would take them all again.
const limits = {
  serverSelectionTimeoutMS: 1_500,
  connectTimeoutMS: 1_000,
  waitQueueTimeoutMS: 700,
  socketTimeoutMS: 1_200,
  retryReads: false,
  retryWrites: false,
  maxPoolSize: 20,
}

/**
 * Connects to MongoDB. Every operation ends within two seconds, also on a server that accepts and
 * never answers. A later outage makes operations fail, and ends by itself.
 *
 * @param options.patienceMs how long one step may take instead, where no request waits for it
 * @throws Error when it cannot be reached now
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
  // It is there, and a connection took longer than a request may wait for one: that nobody does here.
  async function openUnlessAway(error: unknown): Promise<Connection> {
    if (!(error instanceof Error) || error.name !== 'MongoWaitQueueTimeoutError') throw error
    return await open()
  }
  // Without a listener the driver's complaint about a lost server would end the process.
  connection.on('error', () => undefined)
  await connection
    .asPromise()
    .catch(openUnlessAway)
    .catch(openUnlessAway)
    .catch((cause: unknown) => {
      throw new Error('MongoDB cannot be reached: see MONGO_URL.', { cause })
    })
  if (!hasDatabase(connection)) throw new Error('MongoDB gave no database.')
  reopenWhenStuck(connection, open)
  return connection
}

function hasDatabase(connection: Connection): connection is MongoConnection {
  return connection.db !== undefined
}
