import { readFile, rename, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type DemoClient, ensureDemoClient } from './clients/ensure-demo-client.ts'
import { createKeyring } from './clients/keyring.ts'
import { readConfig } from './config.ts'
import { connectMongo } from './storage/connect-mongo.ts'
import { openTokenStores } from './storage/open-token-stores.ts'

const clientSchema = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  audience: z.string(),
})

/**
 * Makes sure that the product server is registered as resource server with the secret in a file, and
 * prints it as JSON. Never in production (R13).
 */
async function createDemoClient(): Promise<void> {
  const options = { file: { type: 'string' }, audience: { type: 'string' } } as const
  const { file, audience } = parseArgs({ options }).values
  if (file === undefined || audience === undefined)
    throw new Error('Say where the client is kept and what it is: --file <path> --audience <url>')
  const config = readConfig(process.env)
  if (config.production) throw new Error('There is no demo client in production.')
  const mongo = await connectMongo(config.mongoUrl)
  try {
    const { clients } = await openTokenStores(mongo)
    const deps = { clients, keyring: createKeyring(config.keyEncryptionKeys) }
    const demo = { name: 'Product server', audience, scopes: ['orders:read'] }
    const client = await ensureDemoClient(deps, { ...demo, known: await readClient(file) })
    await writeClient(file, client)
    process.stdout.write(`${JSON.stringify(client)}\n`)
  } finally {
    await mongo.close()
  }
}

async function readClient(file: string): Promise<DemoClient | undefined> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return content === undefined ? undefined : clientSchema.parse(JSON.parse(content))
}

// Whole or not at all: a second start must not find half a file.
async function writeClient(file: string, client: DemoClient): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(client, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

await createDemoClient().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
