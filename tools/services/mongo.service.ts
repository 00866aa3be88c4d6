import mongoose from 'mongoose'
import { exchangeBytes } from './exchange-bytes.ts'
import { prepareMongo } from './prepare-mongo.ts'
import type { Service } from './service.ts'

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

  prepareLocalServer: prepareMongo,
}

/** An OP_MSG with `{ hello: 1, $db: 'admin' }`: the handshake, without a driver. */
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
