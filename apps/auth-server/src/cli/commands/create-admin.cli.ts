import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { ask, canAsk, readStdin } from '../ask.ts'
import { drawFacts } from '../format-table.ts'
import { wrongUsage } from '../cli-error.ts'
import { createUser } from '../../users/create-user.ts'
import { generatePassphrase } from '../../users/generate-passphrase.ts'
import { publicUser } from '../../users/public-user.ts'

type Options = { username?: string; email?: string; passwordStdin?: boolean }
type Names = { username: string; email: string }

const details = `Asks for what is missing. Without a terminal, or if you enter no password, it generates a passphrase
and prints it only this once. It never takes a password from the command line, which every program
on the machine can read.`

/** `create-admin`: the first admin, who invites the others (R13: no account exists by default). */
export function addCreateAdminCommand(program: Command, cli: CliContext): void {
  addCommand(program, {
    usage: 'create-admin',
    summary: 'Create a confirmed account with the role admin.',
    details,
    examples: [
      'create-admin',
      'create-admin --username ada --email ada@example.com --json',
      'create-admin --username ada --email ada@example.com --password-stdin < password.txt',
    ],
  })
    .option('--username <name>', 'user name, at least 2 characters')
    .option('--email <address>', 'e-mail address')
    .option('--password-stdin', 'read the password from stdin')
    .action(answer((options: Options) => createAdmin(cli, options)))
}

async function createAdmin(cli: CliContext, options: Options): Promise<Answer> {
  const users = await cli.users()
  const config = cli.config()
  const username = options.username ?? (await askFor('User name', '--username'))
  const email = options.email ?? (await askFor('E-mail address', '--email'))
  const chosen = await choosePassword(options)
  const password = chosen ?? generatePassphrase(config, { username, email })
  const account = { username, email, password, roles: ['admin'], verifiedAt: new Date() }
  const user = publicUser(await createUser({ users, config }, account))
  const { id, roles } = user
  const audit = await cli.audit()
  audit.accountCreated(null, { user })
  audit.rolesChanged(null, { user, roles: roles.join(' ') })
  const shown = { username, email, ...(chosen === undefined && { password }) }
  return { json: { id, ...shown, roles }, text: tell(shown, config.publicUrl) }
}

async function askFor(what: string, option: string): Promise<string> {
  if (!canAsk()) throw wrongUsage(`${what} is missing: give it with ${option}.`)
  return ask(`${what}: `)
}

/** Resolves to undefined if a passphrase has to be generated. */
async function choosePassword({ passwordStdin = false }: Options): Promise<string | undefined> {
  if (passwordStdin) return readStdin()
  if (!canAsk()) return undefined
  const password = await ask('Password (empty to generate one): ', { hidden: true })
  if (password === '') return undefined
  const again = await ask('Repeat the password: ', { hidden: true })
  if (again !== password) throw wrongUsage('The passwords do not match. Nothing was changed.')
  return password
}

function tell(account: Names & { password?: string }, publicUrl: URL): string {
  const note = 'The password is shown only this once. Change it on the account page.'
  return [
    'Created an admin:',
    '',
    drawFacts(account),
    '',
    ...(account.password === undefined ? [] : [note]),
    `Sign in at ${new URL('login', publicUrl).href}`,
  ].join('\n')
}
