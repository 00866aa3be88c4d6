import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { keepChild } from '../services/keep-child.ts'
import { StartError } from './start-error.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const accountsSchema = z.array(
  z.object({
    username: z.string(),
    email: z.string(),
    password: z.string(),
    roles: z.array(z.string()),
  }),
)

export type Account = z.output<typeof accountsSchema>[number]

const clientSchema = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  audience: z.string(),
})

export type ProductClient = z.output<typeof clientSchema>

type Place = { dataDir: string; env: NodeJS.ProcessEnv; signal: AbortSignal }

/**
 * Creates the demo accounts at the first start, and returns the same ones ever after.
 *
 * @throws StartError with the output of the failed command
 */
export async function createAccounts({ dataDir, ...place }: Place): Promise<Account[]> {
  const args = ['--file', join(dataDir, 'demo-accounts.json')]
  const accounts = accountsSchema.safeParse(await make('create-demo-accounts', args, place))
  if (accounts.success) return accounts.data
  throw new StartError('The demo accounts could not be created.')
}

/**
 * Registers product-server as a resource server at the first start, and returns the same one ever after.
 *
 * @throws StartError with the output of the failed command
 */
export async function createProductClient(
  { dataDir, ...place }: Place,
  audience: string,
): Promise<ProductClient> {
  const args = ['--file', join(dataDir, 'product-client.json'), '--audience', audience]
  const client = clientSchema.safeParse(await make('create-demo-client', args, place))
  if (client.success) return client.data
  throw new StartError('The product server could not be registered.')
}

/** The last line that a program of the auth server printed. */
async function make(
  program: string,
  args: string[],
  { env, signal }: Omit<Place, 'dataDir'>,
): Promise<unknown> {
  const lines: string[] = []
  const maker = await keepChild({
    command: [process.execPath, '-C', 'source', `apps/auth-server/src/demo/${program}.ts`, ...args],
    cwd: root,
    env,
    signal,
    onLine: (line) => lines.push(line),
  })
  const { code } = await maker.ended
  if (code === 0) return parseJson(lines.at(-1))
  throw new StartError(`${program} failed:\n${lines.join('\n')}`)
}

function parseJson(line = ''): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
