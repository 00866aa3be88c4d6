import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { keepChild } from '../services/keep-child.ts'
import { StartError } from './start-error.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const program = 'apps/auth-server/src/create-demo-accounts.ts'

const schema = z.array(
  z.object({
    username: z.string(),
    email: z.string(),
    password: z.string(),
    roles: z.array(z.string()),
  }),
)

export type Account = z.output<typeof schema>[number]

type Accounts = { dataDir: string; env: NodeJS.ProcessEnv; signal: AbortSignal }

/**
 * The demo accounts: made at the first start, the same ones ever after.
 *
 * @throws StartError with what their maker said
 */
export async function createAccounts({ dataDir, env, signal }: Accounts): Promise<Account[]> {
  const lines: string[] = []
  const maker = await keepChild({
    command: [
      process.execPath,
      '-C',
      'source',
      program,
      '--file',
      join(dataDir, 'demo-accounts.json'),
    ],
    cwd: root,
    env,
    signal,
    onLine: (line) => lines.push(line),
  })
  const { code } = await maker.ended
  const accounts = schema.safeParse(parseJson(lines.at(-1)))
  if (code === 0 && accounts.success) return accounts.data
  throw new StartError(`The demo accounts could not be made:\n${lines.join('\n')}`)
}

function parseJson(line = ''): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
