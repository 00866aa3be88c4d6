import mongoose from 'mongoose'
import { buildEmbeddedMongo } from './build-embedded-mongo.ts'
import { exchangeBytes } from './exchange-bytes.ts'
import { findProgram } from './find-program.ts'
import type { LocalServer, Preparation, Service } from './service.ts'

const patienceMs = 4_000

export const mongoService: Service = {
  label: 'MongoDB',
  setting: 'MONGO_URL',
  usualPort: 27017,
  url: (host, port) => `mongodb://${host}:${port}`,

  async answers(host, port) {
    const answer = await exchangeBytes(host, port, hello())
    return answer.includes('maxWireVersion')
  },

  async reach(url) {
    const options = { serverSelectionTimeoutMS: patienceMs, connectTimeoutMS: patienceMs }
    const connection = await mongoose.createConnection(url, options).asPromise()
    await connection.close()
  },

  async share(url, namespace) {
    return { url: new URL(`/latchkey-${namespace}`, url).href }
  },

  image: { name: 'mongo:8', port: 27017, dataFolder: '/data/db' },

  async prepareLocalServer(preparation) {
    const mongod = await findProgram(['mongod'], preparation.env)
    if (mongod !== undefined) return mongodServer('mongod', mongod)
    return (await prepareEmbeddedMongo(preparation)) ?? (await prepareDownload(preparation))
  },
}

function mongodServer(name: string, program: string): LocalServer {
  return {
    name,
    dataFolder: 'mongod',
    command: ({ dir, port }) => [
      program,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
      '--dbpath',
      dir,
    ],
  }
}

/** The embedded MongoDB; undefined where it cannot be built. */
export async function prepareEmbeddedMongo(
  preparation: Preparation,
): Promise<LocalServer | undefined> {
  const program = await buildEmbeddedMongo(preparation)
  if (program === undefined) return undefined
  return {
    name: 'embedded MongoDB (FerretDB on SQLite)',
    dataFolder: 'embedded-mongo',
    command: ({ dir, port }) => [program, '--port', String(port), '--dir', dir],
  }
}

async function prepareDownload({ log, signal }: Preparation): Promise<LocalServer> {
  log('MongoDB: neither mongod nor Go is here, downloading a mongod (once)')
  try {
    const { MongoBinary } = await import('mongodb-memory-server-core')
    return mongodServer('mongod (downloaded)', await MongoBinary.getPath())
  } catch (cause) {
    signal?.throwIfAborted()
    throw new Error(
      'No MongoDB: install mongod, or Go 1.24 or newer (https://go.dev/dl) to build one, or set MONGO_URL.',
      { cause },
    )
  }
}

/** An OP_MSG that holds `{ hello: 1, $db: 'admin' }`: a server's first question, asked without a driver. */
function hello(): Buffer {
  const fields = Buffer.concat([
    Buffer.from('\x10hello\0\x01\0\0\0', 'latin1'),
    Buffer.from('\x02$db\0\x06\0\0\0admin\0', 'latin1'),
  ])
  const document = Buffer.concat([int32(fields.length + 5), fields, Buffer.from([0])])
  const flagsAndKind = Buffer.alloc(5)
  const length = 16 + flagsAndKind.length + document.length
  const header = [int32(length), int32(1), int32(0), int32(2013)]
  return Buffer.concat([...header, flagsAndKind, document])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
