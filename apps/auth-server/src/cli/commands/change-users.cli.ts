import type { Command } from 'commander'
import { deleteUser } from '../../accounts/lifecycle/delete-user.ts'
import type { CliContext } from '../cli-context.ts'
import { addCommand } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { askWhether } from '../ask.ts'
import { CliError, wrongUsage } from '../cli-error.ts'
import { findUserByName } from '../find-named.ts'
import { queueMail } from '../../accounts/mail-requests/queue-requested-mail.ts'
import { endSessionsOfUser } from '../../sessions/end-user-sessions.ts'
import { describedUser } from '../../users/public-user.ts'
import { findUserById } from '../../users/find-user.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import { resetFactors } from '../../accounts/recovery/reset-factors.ts'
import { restoreUser } from '../../accounts/lifecycle/restore-user.ts'
import { roleInput } from '../../users/user-input.ts'
import { setRoles } from '../../accounts/lifecycle/set-roles.ts'
import { suspendUser } from '../../accounts/lifecycle/suspend-user.ts'
import type { User } from '../../users/user.model.ts'

/** `users suspend`, `restore`, `roles`, `end-sessions`, `send-reset`, `reset-factors` and `delete`. */
export function addChangeUsersCommands(group: Command, cli: CliContext): void {
  addCommand(group, {
    usage: 'suspend <user>',
    summary: 'Suspend an account and sign it out everywhere.',
    examples: ['users suspend mallory'],
  }).action(answer((name: string) => suspend(cli, name)))

  addCommand(group, {
    usage: 'restore <user>',
    summary: 'Restore a suspended account.',
    examples: ['users restore ada'],
  }).action(answer((name: string) => restore(cli, name)))

  addCommand(group, {
    usage: 'roles <user> [roles...]',
    summary: "Replace a user's roles and sign them out everywhere.",
    examples: ['users roles ada admin support', 'users roles ada --none'],
  })
    .option('--none', 'remove every role')
    .action(
      answer((name: string, roles: string[], { none }: { none?: boolean }) => {
        return changeRoles(cli, name, checkRoles(roles, none))
      }),
    )

  addCommand(group, {
    usage: 'end-sessions <user>',
    summary: 'Sign a user out everywhere.',
    examples: ['users end-sessions ada'],
  }).action(answer((name: string) => endSessions(cli, name)))

  addCommand(group, {
    usage: 'send-reset <user>',
    summary: 'E-mail a user the link to choose a new password.',
    examples: ['users send-reset ada'],
  }).action(answer((name: string) => sendReset(cli, name)))

  addCommand(group, {
    usage: 'reset-factors <user>',
    summary: 'Remove every second factor of a user and sign them out everywhere.',
    examples: ['users reset-factors ada', 'users reset-factors ada --yes --json'],
  })
    .option('--yes', 'skip the confirmation')
    .action(answer((name: string, options: { yes?: boolean }) => reset(cli, name, options)))

  addCommand(group, {
    usage: 'delete <user>',
    summary: 'Delete an account with everything in it. This cannot be undone.',
    examples: ['users delete ada', 'users delete ada --yes --json'],
  })
    .option('--yes', 'skip the confirmation')
    .action(answer((name: string, options: { yes?: boolean }) => remove(cli, name, options)))
}

async function suspend(cli: CliContext, name: string): Promise<Answer> {
  const { users, user } = await find(cli, name)
  const done = await suspendUser({ users, ...(await stores(cli)) }, user, null)
  if (!done) throw beingDeleted(user)
  return tellNow(cli, user, `${user.username} is suspended and signed out everywhere.`)
}

async function restore(cli: CliContext, name: string): Promise<Answer> {
  const { users, user } = await find(cli, name)
  const done = await restoreUser({ users, audit: await cli.audit() }, user, null)
  if (!done) throw beingDeleted(user)
  return tellNow(cli, user, `${user.username} can sign in again.`)
}

function checkRoles(roles: string[], none = false): string[] {
  if (none !== (roles.length === 0))
    throw wrongUsage('Name the roles, or remove all of them with --none.')
  const wrong = roles.find((role) => !roleInput.safeParse(role).success)
  if (wrong === undefined) return roles
  throw wrongUsage(
    `"${wrong}" is not a valid role: use up to 40 letters, digits, dots, dashes and colons.`,
  )
}

async function changeRoles(cli: CliContext, name: string, roles: string[]): Promise<Answer> {
  const { users, user } = await find(cli, name)
  const changed = await setRoles({ users, ...(await stores(cli)) }, user, { roles, from: null })
  if (!changed && user.deletingAt) throw beingDeleted(user)
  const text = changed
    ? `${user.username} has ${roles.join(', ') || 'no role'} now and is signed out everywhere.`
    : `${user.username} already has these roles.`
  return tellNow(cli, user, text)
}

async function endSessions(cli: CliContext, name: string): Promise<Answer> {
  const { user } = await find(cli, name)
  await endSessionsOfUser(await stores(cli), user, { from: null })
  return { json: { id: user.id }, text: `${user.username} is signed out everywhere.` }
}

async function sendReset(cli: CliContext, name: string): Promise<Answer> {
  const { users, user } = await find(cli, name)
  const reset = { kind: 'reset', emailKey: normalizeIdentity(user.email) } as const
  const audit = await cli.audit()
  if (!(await queueMail(users, reset))) throw beingDeleted(user)
  audit.mailRequested(null, { user, mail: 'reset' })
  const text = `The auth server sends an e-mail to ${user.email} within a few seconds.`
  return { json: { id: user.id, email: user.email }, text }
}

async function remove(cli: CliContext, name: string, options: { yes?: boolean }): Promise<Answer> {
  const { users, user } = await find(cli, name)
  await askWhether(`Delete ${user.username} (${user.email}) for good?`, options)
  const invites = await cli.invites()
  await deleteUser({ users, invites, ...(await stores(cli)) }, user, { from: null })
  return { json: { id: user.id }, text: `${user.username} is deleted.` }
}

async function reset(cli: CliContext, name: string, options: { yes?: boolean }): Promise<Answer> {
  const { users, user } = await find(cli, name)
  await askWhether(`Remove the second factors of ${user.username} (${user.email})?`, options)
  const { config, logger } = cli
  // The auth server checks its outboxes every two seconds.
  const relay = { wake: () => undefined }
  const deps = { config: config(), users, relay, logger, ...(await stores(cli)) }
  await resetFactors(deps, user, { from: null })
  const text = `The second factors of ${user.username} are removed and they are signed out everywhere.`
  return { json: { id: user.id }, text }
}

async function stores(cli: CliContext) {
  const { signIns, factors } = await cli.tokens()
  return { store: await cli.store(), signIns, factors, audit: await cli.audit() }
}

async function find(cli: CliContext, name: string) {
  const users = await cli.users()
  return { users, user: await findUserByName(users, name) }
}

/** The account is being deleted and can no longer be changed. */
function beingDeleted({ username }: User): CliError {
  const message = `${username} is being deleted, so nothing was changed. Complete the deletion with: npm run cli -- users delete ${username}`
  return new CliError({ code: 'being_deleted', message })
}

async function tellNow(cli: CliContext, before: User, text: string): Promise<Answer> {
  const user = (await findUserById(await cli.users(), before.id)) ?? before
  return { json: describedUser(user), text }
}
