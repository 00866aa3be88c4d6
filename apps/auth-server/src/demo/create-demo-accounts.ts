import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Types } from 'mongoose'
import { readPrivateFile, writePrivateFile } from 'service-kit'
import { z } from 'zod'
import { type Config, readConfig } from '../config/config.ts'
import { connectMongo } from '../storage/connect-mongo.ts'
import { ensureDemoAccount } from './ensure-demo-account.ts'
import { ensureUserIndexes } from '../wiring/ensure-indexes.ts'
import { generatePassphrase } from '../users/generate-passphrase.ts'
import { userModel, type Users } from '../users/user.model.ts'

const accountsSchema = z.array(
  z.object({
    // Tells an account of this file from somebody else's with the same name.
    id: z.string().default(newId),
    username: z.string(),
    email: z.string(),
    password: z.string(),
    roles: z.array(z.string()),
  }),
)
type Account = z.infer<typeof accountsSchema>[number]

/**
 * Ensures that the accounts in a file exist, confirmed and with their passwords, and prints them as a JSON
 * array. Without a file, plans two accounts and writes it. Somebody else's account with the same name
 * stays as it is: this one gets another name. Never runs in production (R13).
 */
async function createDemoAccounts(): Promise<void> {
  const { file } = parseArgs({ options: { file: { type: 'string' } } }).values
  if (file === undefined) throw new Error('Name the file for the accounts: --file <path>')
  const config = readConfig(process.env)
  if (config.production) throw new Error('There are no demo accounts in production.')
  if (config.userService)
    throw new Error(
      'The user service at USER_DIRECTORY_URL keeps the users: none are created here.',
    )

  const planned = (await readAccounts(file)) ?? usualAccounts(config)
  // Before they exist, so that no account has an unknown password.
  await writePrivateFile(file, planned)
  const connection = await connectMongo(config.mongoUrl)
  try {
    const users = userModel(connection)
    await ensureUserIndexes(users)
    const accounts = await Promise.all(
      planned.map((account) => ensureAccount({ users, config }, account)),
    )
    await writePrivateFile(file, accounts)
    process.stdout.write(`${JSON.stringify(accounts.map(({ id: _id, ...account }) => account))}\n`)
  } finally {
    await connection.close()
  }
}

async function readAccounts(file: string): Promise<Account[] | undefined> {
  const content = await readPrivateFile(file)
  return content === undefined ? undefined : accountsSchema.parse(content)
}

async function ensureAccount(
  deps: { users: Users; config: Config },
  account: Account,
): Promise<Account> {
  if (await ensureDemoAccount(deps, account)) return account
  const [name] = account.username.split('-')
  const free = `${name}-${randomBytes(3).toString('hex')}`
  return ensureAccount(deps, makeAccount(deps.config, free, account.roles))
}

function usualAccounts(config: Config): Account[] {
  return [makeAccount(config, 'demo', []), makeAccount(config, 'admin', ['admin'])]
}

function makeAccount(config: Config, username: string, roles: string[]): Account {
  const email = `${username}@example.com`
  const password = generatePassphrase(config, { username, email })
  return { id: newId(), username, email, password, roles }
}

function newId(): string {
  return new Types.ObjectId().toHexString()
}

await createDemoAccounts().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
