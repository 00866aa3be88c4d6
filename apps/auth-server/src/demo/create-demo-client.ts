import { parseArgs } from 'node:util'
import { Registry } from 'prom-client'
import { createLogger, readPrivateFile, writePrivateFile } from 'service-kit'
import { z } from 'zod'
import { openAudit } from '../audit/open-audit.ts'
import { type DemoClient, ensureDemoClient } from './ensure-demo-client.ts'
import { createKeyring } from '../oauth/clients/keyring.ts'
import { readConfig } from '../config/config.ts'
import { connectMongo } from '../storage/connect-mongo.ts'
import { openTokenStores } from '../wiring/open-stores.ts'

const clientSchema = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  audience: z.string(),
})

/**
 * Ensures that the product server is registered as a resource server with the secret in a file, and
 * prints it as JSON. Never runs in production (R13).
 */
async function createDemoClient(): Promise<void> {
  const options = { file: { type: 'string' }, audience: { type: 'string' } } as const
  const { file, audience } = parseArgs({ options }).values
  if (file === undefined || audience === undefined)
    throw new Error('Name the file for the client and its audience: --file <path> --audience <url>')
  const config = readConfig(process.env)
  if (config.production) throw new Error('There is no demo client in production.')
  const mongo = await connectMongo(config.mongoUrl)
  try {
    const known = await readClient(file)
    const { clients } = await openTokenStores(mongo)
    // What it prints is the client alone.
    const logger = createLogger({ name: 'demo', level: 'silent', pretty: false })
    const { auditDays } = config
    const { audit, close } = await openAudit({
      mongo,
      logger,
      registry: new Registry(),
      auditDays,
    })
    const deps = { clients, keyring: createKeyring(config.keyEncryptionKeys), audit, config }
    const demo = { name: 'Product server', audience, scopes: ['orders:read'] }
    const client = await ensureDemoClient(deps, { ...demo, known })
    await writePrivateFile(file, client)
    process.stdout.write(`${JSON.stringify(client)}\n`)
    await close()
  } finally {
    await mongo.close()
  }
}

async function readClient(file: string): Promise<DemoClient | undefined> {
  const content = await readPrivateFile(file)
  return content === undefined ? undefined : clientSchema.parse(content)
}

await createDemoClient().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
