import { existsSync } from 'node:fs'
import { downloadMongod } from '../setup/download-mongod.mjs'
import { embeddedMongoPath } from '../setup/embedded-mongo-path.mjs'
import { buildEmbeddedMongo } from './build-embedded-mongo.ts'
import { findProgram } from './find-program.ts'
import type { LocalServer, Preparation } from './service.ts'

/**
 * Finds a MongoDB to run here, in this order: an installed mongod, the embedded one if it is already
 * built, a downloaded mongod, the embedded one built with Go.
 *
 * @throws Error that says what to install, and why each way failed
 */
export async function prepareMongo(preparation: Preparation): Promise<LocalServer> {
  const { env, log, signal } = preparation
  const mongod = await findProgram(['mongod'], env)
  if (mongod !== undefined) return mongodServer('mongod', mongod)
  if (existsSync(embeddedMongoPath(env))) return prepareEmbeddedMongo(preparation)
  log('MongoDB: looking for a mongod to download (only once)')
  const download = await downloadMongod(env).catch(reasonOf)
  if (typeof download === 'string') return mongodServer('mongod (downloaded)', download)
  const embedded = await prepareEmbeddedMongo(preparation).catch(reasonOf)
  signal?.throwIfAborted()
  if ('command' in embedded) return embedded
  throw new Error(
    [
      'No MongoDB: set MONGO_URL, install mongod, or install Go (1.24 or later; on Linux any version) to build a small substitute.',
      `  A mongod could not be downloaded: ${download.reason}`,
      `  The small substitute could not be built: ${embedded.reason}`,
    ].join('\n'),
  )
}

/**
 * The embedded MongoDB, built if it does not exist yet.
 *
 * @throws Error with the reason if it cannot be built
 */
export async function prepareEmbeddedMongo(preparation: Preparation): Promise<LocalServer> {
  const path = embeddedMongoPath(preparation.env)
  const program = existsSync(path) ? path : await buildEmbeddedMongo(preparation)
  return {
    name: 'embedded MongoDB (FerretDB on SQLite)',
    dataFolder: 'embedded-mongo',
    command: ({ dir, port }) => [program, '--port', String(port), '--dir', dir],
  }
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

function reasonOf(error: unknown): { reason: string } {
  return { reason: error instanceof Error ? error.message : String(error) }
}
