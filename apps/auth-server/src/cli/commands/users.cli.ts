import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup, pageLimit } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { drawFacts, drawMoment, drawTable } from '../format-table.ts'
import { findUserByName } from '../find-named.ts'
import { addUserTransferCommands } from './user-transfer.cli.ts'
import { addChangeUsersCommands } from './change-users.cli.ts'
import { describedUser } from '../../users/public-user.ts'
import { describeFactors } from '../../sign-in/factors/describe-factors.ts'
import { isFactorRequired } from '../../sign-in/factors/factor-policy.ts'
import { readFactors } from '../../sign-in/factors/change-factors.ts'
import { listUsers } from '../../users/find-user.ts'
import type { User } from '../../users/user.model.ts'

type Page = { search?: string; after?: string; limit: string }

/** `users`: shows and changes accounts. */
export function addUsersCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'users',
    summary: 'Show and change accounts.',
    examples: ['users list', 'users show ada', 'users suspend mallory'],
  })
  addCommand(group, {
    usage: 'list',
    summary: 'Users by name, a page at a time.',
    examples: ['users list', 'users list --search @example.com --limit 500 --json'],
  })
    .option('--search <text>', 'only users with this text in their name or e-mail address')
    .option('--limit <n>', 'how many, 1 to 1000', '50')
    .option('--after <name>', 'continue after this name: "next" of the previous page')
    .action(answer((page: Page) => list(cli, page)))

  addCommand(group, {
    usage: 'show <user>',
    summary: 'One user, by name, e-mail address or id.',
    examples: ['users show ada'],
  }).action(answer((user: string) => show(cli, user)))

  addCommand(group, {
    usage: 'factors <user>',
    summary: 'The second factors of a user.',
    examples: ['users factors ada'],
  }).action(answer((user: string) => showFactors(cli, user)))

  addChangeUsersCommands(group, cli)
  addUserTransferCommands(group, cli)
}

async function list(cli: CliContext, { search, after, limit }: Page): Promise<Answer> {
  const page = await listUsers(await cli.users(), { search, after, limit: pageLimit(limit) })
  const headings = ['name', 'e-mail', 'roles', 'state', 'since']
  const table = drawTable(headings, page.users.map(row), 'No user matches.')
  const more = page.next === null ? '' : `\n\nMore: npm run cli -- users list --after ${page.next}`
  return { json: { ...page, users: page.users.map(describedUser) }, text: table + more }
}

function row(user: User): string[] {
  const { username, email, roles, state, createdAt } = describedUser(user)
  return [username, email, roles.join(', '), state, drawMoment(createdAt)]
}

async function show(cli: CliContext, name: string): Promise<Answer> {
  const user = describedUser(await findUserByName(await cli.users(), name))
  const { id, username, email, roles, state, verifiedAt, suspendedAt, createdAt } = user
  const facts = {
    id,
    name: username,
    'e-mail': email,
    roles: roles.join(', ') || 'none',
    state,
    created: drawMoment(createdAt),
    confirmed: verifiedAt === null ? 'not yet' : drawMoment(new Date(verifiedAt)),
    ...(suspendedAt !== null && { suspended: drawMoment(suspendedAt) }),
  }
  return { json: user, text: drawFacts(facts) }
}

async function showFactors(cli: CliContext, name: string): Promise<Answer> {
  const user = await findUserByName(await cli.users(), name)
  const { factors } = await cli.tokens()
  const described = describeFactors(
    await readFactors(factors, user.id),
    isFactorRequired(cli.config(), user),
  )
  const { totp, passkeys, recoveryCodes, required } = described
  const facts = {
    'authenticator app': totp ? `since ${drawMoment(totp.confirmedAt)}` : 'none',
    passkeys: passkeys.map((passkey) => passkey.name).join(', ') || 'none',
    'recovery codes': `${recoveryCodes.left} left`,
    required: required ? 'yes' : 'no',
  }
  return { json: described, text: drawFacts(facts) }
}
