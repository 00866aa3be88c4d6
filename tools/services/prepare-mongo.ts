import { existsSync } from 'node:fs'
import { downloadMongod } from '../setup/download-mongod.mjs'
import { embeddedMongoPath } from '../setup/embedded-mongo-path.mjs'
import { buildEmbeddedMongo } from './build-embedded-mongo.ts'
import { findProgram } from './find-program.ts'
import type { LocalServer, Preparation } from './service.ts'

/**
 * A MongoDB to run here: the mongod that is installed, else the embedded one if it is built already,
 * else a mongod that can be downloaded, else the embedded one, built with Go.
 *
 * @throws Error with what to install, and why each way failed
 */
export async function prepareMongo(preparation: Preparation): Promise<LocalServer> {
  const { env, log, signal } = preparation
  const mongod = await findProgram(['mongod'], env)
  if (mongod !== undefined) return mongodServer('mongod', mongod)
  if (existsSync(embeddedMongoPath(env))) return prepareEmbeddedMongo(preparation)
  log('MongoDB: looking for a mongod to download (once)')
  const download = await downloadMongod(env).catch(reasonOf)
  if (typeof download === 'string') return mongodServer('mongod (downloaded)', download)
  const embedded = await prepareEmbeddedMongo(preparation).catch(reasonOf)
  signal?.throwIfAborted()
  if ('command' in embedded) return embedded
  throw new Error(
    [
      'No MongoDB: set MONGO_URL, or install mongod, or Go (1.24 or later; on Linux any) to build a small one.',
      `  A mongod could not be downloaded: ${download.reason}`,
      `  The small one could not be built: ${embedded.reason}`,
    ].join('\n'),
  )
}

/**
 * The embedded MongoDB, built where it has not been yet.
 *
 * @throws Error with the reason why it cannot be built
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
