import type { Command } from 'commander'
import { validate } from 'service-kit'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup, pageLimit } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { CliError } from '../cli-error.ts'
import { drawMoment, drawTable } from '../format-table.ts'
import { createInvite, INVITE_DAYS } from '../../accounts/invitations/create-invite.ts'
import { inviteInput } from '../../accounts/invitations/invite-input.ts'
import { type ListedInvite, listInvites } from '../../accounts/invitations/list-invites.ts'
import { revokeInvite } from '../../accounts/invitations/revoke-invite.ts'

type Page = { limit: string; after?: string }
type NewInvite = { email?: string; expiresInDays?: string }

/** `invite`: creates, lists and revokes invitations. */
export function addInviteCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'invite',
    summary: 'Invite people to sign up.',
    examples: [
      'invite --email ada@example.com --expires-in-days 3',
      'invite create --help',
      'invite list',
    ],
  })
  addCommand(group, {
    usage: 'create',
    isDefault: true,
    summary: 'Create an invitation and print its link, which is shown only once.',
    details:
      'With an address, the link is e-mailed and works for that address only. "create" may be omitted.',
    examples: ['invite', 'invite --email ada@example.com --expires-in-days 3 --json'],
  })
    .option('--email <address>', 'whom to invite')
    .option('--expires-in-days <n>', `days until it expires, 1 to 365 (${INVITE_DAYS})`)
    .action(answer((options: NewInvite) => create(cli, options)))

  addCommand(group, {
    usage: 'list',
    summary: 'Invitations, newest first: for whom, their state and who used them.',
    examples: ['invite list', 'invite list --limit 500 --json'],
  })
    .option('--limit <n>', 'how many, 1 to 1000', '50')
    .option('--after <place>', 'continue from here: "next" of the previous page')
    .action(answer((page: Page) => list(cli, page)))

  addCommand(group, {
    usage: 'revoke <id>',
    summary: 'Revoke an invitation that is not used yet.',
    examples: ['invite revoke 5b0cf5f5-6d8c-4f61-9d0c-1f6c3a1f7a52'],
  }).action(answer((id: string) => revoke(cli, id)))
}

async function create(cli: CliContext, { email, expiresInDays }: NewInvite): Promise<Answer> {
  const days = expiresInDays === undefined ? {} : { expiresInDays: Number(expiresInDays) }
  const input = validate(inviteInput, { ...(email !== undefined && { email }), ...days })
  // The auth server derives the link for the e-mail from the same secret.
  if (email !== undefined) cli.need('MAIL_SECRETS')
  const deps = { invites: await cli.invites(), audit: await cli.audit(), config: cli.config() }
  const invite = await createInvite(deps, { ...input, from: null })
  const mailed =
    email === undefined ? 'Send it to the person it is for.' : `It is e-mailed to ${input.email}.`
  const text = `${invite.url}\n\nValid until ${drawMoment(invite.expiresAt)}. ${mailed}`
  return { json: invite, text }
}

async function list(cli: CliContext, { after, limit }: Page): Promise<Answer> {
  const stores = { users: await cli.users(), invites: await cli.invites() }
  const page = await listInvites(stores, { after, limit: pageLimit(limit) })
  const headings = ['id', 'for', 'state', 'used by', 'created', 'valid until', 'delivery']
  const empty =
    after === undefined ? 'No invitations yet: npm run cli -- invite' : 'No older invitations.'
  const more = page.next === null ? '' : `\n\nMore: npm run cli -- invite list --after ${page.next}`
  return { json: page, text: drawTable(headings, page.invites.map(row), empty) + more }
}

function row({ id, email, state, usedBy, createdAt, expiresAt, mailFailure }: ListedInvite) {
  const by = usedBy === null ? '' : (usedBy.username ?? 'account deleted')
  const mail = mailFailure === null ? '' : `failed: ${mailFailure}`
  return [id, email ?? 'anyone', state, by, drawMoment(createdAt), drawMoment(expiresAt), mail]
}

async function revoke(cli: CliContext, id: string): Promise<Answer> {
  const deps = { invites: await cli.invites(), users: await cli.users(), audit: await cli.audit() }
  const outcome = await revokeInvite(deps, { id, from: null })
  if (outcome === null) {
    const message = `There is no invitation ${id}. List them with: npm run cli -- invite list`
    throw new CliError({ code: 'no_such_invite', message })
  }
  if (outcome === 'used') {
    const message = `The invitation ${id} was already used. It and the account stay as they are.`
    throw new CliError({ code: 'invite_used', message })
  }
  const text = outcome === 'revoked' ? `Revoked ${id}.` : `${id} was already revoked.`
  return { json: { id, outcome }, text }
}
