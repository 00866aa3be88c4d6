import { parseArgs } from 'node:util'
import { readPrivateFile, writePrivateFile } from 'service-kit'
import { z } from 'zod'
import { type Config, readConfig } from '../config/config.ts'
import { connectMongo } from '../storage/connect-mongo.ts'
import { ensureDemoAccount } from './ensure-demo-account.ts'
import { ensureUserIndexes } from '../wiring/ensure-indexes.ts'
import { makeGoodPassphrase } from '../users/generate-passphrase.ts'
import { userModel } from '../users/user.model.ts'

const accountsSchema = z.array(
  z.object({
    username: z.string(),
    email: z.string(),
    password: z.string(),
    roles: z.array(z.string()),
  }),
)
type Account = z.infer<typeof accountsSchema>[number]

/**
 * Makes sure that the accounts of a file exist, confirmed and with these passwords, and prints them
 * as one JSON array; where there is no file it makes two and writes it. Never in production (R13).
 */
async function createDemoAccounts(): Promise<void> {
  const { file } = parseArgs({ options: { file: { type: 'string' } } }).values
  if (file === undefined) throw new Error('Say where the accounts are kept: --file <path>')
  const config = readConfig(process.env)
  if (config.production) throw new Error('There are no demo accounts in production.')
  if (config.userService)
    throw new Error('Users are those of the service at USER_DIRECTORY_URL: none is made here.')

  const accounts = (await readAccounts(file)) ?? (await writeAccounts(file, makeAccounts(config)))
  const connection = await connectMongo(config.mongoUrl)
  try {
    const users = userModel(connection)
    await ensureUserIndexes(users)
    for (const account of accounts)
      // oxlint-disable-next-line no-await-in-loop
      await ensureDemoAccount({ users, config }, account)
  } finally {
    await connection.close()
  }
  process.stdout.write(`${JSON.stringify(accounts)}\n`)
}

async function readAccounts(file: string): Promise<Account[] | undefined> {
  const content = await readPrivateFile(file)
  return content === undefined ? undefined : accountsSchema.parse(content)
}

async function writeAccounts(file: string, accounts: Account[]): Promise<Account[]> {
  await writePrivateFile(file, accounts)
  return accounts
}

function makeAccounts(config: Config): Account[] {
  return [
    { username: 'demo', roles: [] },
    { username: 'admin', roles: ['admin'] },
  ].map(({ username, roles }) => {
    const email = `${username}@example.com`
    return { username, email, password: makeGoodPassphrase(config, { username, email }), roles }
  })
}

await createDemoAccounts().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
