import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import bcrypt from 'bcrypt'
import { SECRET } from '../apps/app-under-test.ts'
import type { Bench } from './bench.ts'
import { type RunningServer, startServer } from './start-server.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)

export const PASSWORD = 'correct horse battery staple'
export const AUDIENCE = 'https://orders.example'
export const SCOPE = 'orders:read'
export const BCRYPT_COST = 12

export type AuthClient = { id: string; secret: string }
export type AuthServer = RunningServer & {
  /** All have the password `PASSWORD`. */
  usernames: string[]
  /** A client that may sign users in itself and gets their tokens. */
  client: AuthClient
  /** A client that may introspect tokens. */
  resourceServer: AuthClient
}

/** The auth server in production mode, in the row's MongoDB, with users and two clients. */
export async function startAuthServer(
  bench: Bench,
  options: { users: number; cores?: 'own' | 'all'; built?: boolean },
): Promise<AuthServer> {
  const { url } = await bench.mongo()
  const env = environment(bench.redisUrl, url)
  const usernames = Array.from({ length: options.users }, (_, at) => `user${at}`)
  await importUsers(usernames, env)
  const resourceServer = await addClient(['--kind', 'resource_server'], env)
  const client = await addClient(['--kind', 'first_party'], env)
  const { cores = 'own', built = false } = options
  const script = join(ROOT, 'apps/auth-server', built ? 'dist/main.js' : 'src/main.ts')
  const server = await startServer({ script, env, cores, built })
  return { ...server, usernames, client, resourceServer }
}

function environment(redisUrl: string, mongoUrl: string): NodeJS.ProcessEnv {
  const secret = (purpose: string) => createHash('sha256').update(purpose).digest('base64')
  return {
    ...process.env,
    NODE_ENV: 'production',
    PUBLIC_URL: 'http://localhost',
    REDIS_URL: redisUrl,
    MONGO_URL: mongoUrl,
    // No row sends an e-mail.
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'bench@example.com',
    // Same as in the small app, so that each honours the other's sessions.
    SESSION_SECRETS: SECRET,
    MAIL_SECRETS: secret('mails'),
    KEY_ENCRYPTION_KEY: secret('keys'),
    BCRYPT_COST: String(BCRYPT_COST),
    LIMIT_SIGN_IN_PER_ADDRESS: '1000000',
  }
}

/** Creates the users with one hash, of the cost at which sign-ins are measured. */
async function importUsers(usernames: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const digest = createHash('sha384').update(PASSWORD).digest('base64')
  const passwordHash = `sha384:${await bcrypt.hash(digest, BCRYPT_COST)}`
  const verifiedAt = new Date().toISOString()
  const lines = usernames.map((username) =>
    JSON.stringify({ username, email: `${username}@example.com`, passwordHash, verifiedAt }),
  )
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const file = join(folder, 'users.ndjson')
  await writeFile(file, lines.join('\n'))
  await cli(['users', 'import', file], env)
  await rm(folder, { recursive: true })
}

async function addClient(kind: string[], env: NodeJS.ProcessEnv): Promise<AuthClient> {
  const about = ['--name', 'Bench', '--audience', AUDIENCE, '--scope', SCOPE]
  const answer = JSON.parse(await cli(['client', 'add', ...kind, ...about], env))
  return { id: String(answer.client_id), secret: String(answer.client_secret) }
}

async function cli(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const script = join(ROOT, 'apps/auth-server/src/cli.ts')
  const command = ['-C', 'source', script, ...args, '--json']
  const { stdout } = await run(process.execPath, command, { env, maxBuffer: 2 ** 26 })
  return stdout
}
