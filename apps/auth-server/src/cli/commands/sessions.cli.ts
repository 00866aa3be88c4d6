import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { askWhether } from '../ask.ts'
import { drawMoment, drawTable } from '../format-table.ts'
import { CliError, wrongUsage } from '../cli-error.ts'
import { findUserByName } from '../find-named.ts'
import { endAllSignIns } from '../../sessions/end-sign-ins.ts'
import type { User } from '../../users/user.model.ts'
import { runningByClients } from '../../sessions/list-sessions.ts'
import { describeSession, describeSignIn } from '../../sessions/describe-session.ts'
import { endSessionsOfUser } from '../../sessions/end-user-sessions.ts'
import { endListedSession } from '../../sessions/end-session.ts'
import { addTraceCommand } from './trace-sessions.cli.ts'

type Ending = { all?: boolean; session?: string; yes?: boolean }

/** `sessions`: lists and ends sessions. */
export function addSessionsCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'sessions',
    summary: 'List the sessions of a user and sign people out.',
    examples: ['sessions list ada', 'sessions end ada'],
  })
  addCommand(group, {
    usage: 'list <user>',
    summary: 'The sessions of a user.',
    examples: ['sessions list ada --json'],
  }).action(answer((name: string) => list(cli, name)))

  addCommand(group, {
    usage: 'end [user]',
    summary: 'End every session of a user, one of them, or those of everybody.',
    examples: [
      'sessions end ada',
      'sessions end ada --session 5b0cf5f5-6d8c-4f61-9d0c-1f6c3a1f7a52',
      'sessions end --all --yes --json',
    ],
  })
    .option('--session <id>', 'only this session and its tokens: an id from "sessions list"')
    .option('--all', 'the sessions of everybody, including visitors')
    .option('--yes', 'skip the confirmation')
    .action(answer((name: string | undefined, options: Ending) => end(cli, name, options)))

  addTraceCommand(group, cli)
}

async function list(cli: CliContext, name: string): Promise<Answer> {
  const user = await findUserByName(await cli.users(), name)
  const store = await cli.store()
  const { signIns } = await cli.tokens()
  const found = await store.listSessions(user.id)
  const byClients = await runningByClients(signIns, user.id).lean()
  const sessions = [
    ...found.map(({ session }) => ({ ...describeSession(session), endsAt: store.endOf(session) })),
    ...byClients.map((record) => ({ ...describeSignIn(record), endsAt: record.expiresAt })),
  ]
  const headings = ['id', 'device', 'address', 'signed in', 'last used', 'ends']
  const rows = sessions.map(({ id, device, address, ...at }) => {
    const moments = [at.signedInAt, at.lastUsedAt, at.endsAt].map(drawMoment)
    return [id ?? '', device, address ?? '', ...moments]
  })
  const text = drawTable(headings, rows, `${user.username} has no sessions.`)
  return { json: { userId: user.id, sessions }, text }
}

async function end(cli: CliContext, name: string | undefined, options: Ending): Promise<Answer> {
  if (options.all === true) {
    if (name !== undefined || options.session !== undefined)
      throw wrongUsage('Name a user (with or without --session) or use --all, not both.')
    return endAll(cli, options)
  }
  if (name === undefined) throw wrongUsage('Name a user, or use --all for everybody.')
  const user = await findUserByName(await cli.users(), name)
  if (options.session !== undefined) return endOne(cli, user, options.session)
  const { signIns } = await cli.tokens()
  const deps = { store: await cli.store(), signIns, audit: await cli.audit() }
  await endSessionsOfUser(deps, user, { from: null })
  return { json: { userId: user.id }, text: `${user.username} is signed out everywhere.` }
}

async function endOne(cli: CliContext, user: User, session: string): Promise<Answer> {
  const { signIns } = await cli.tokens()
  const [store, redis, audit] = [await cli.store(), await cli.redis(), await cli.audit()]
  const deps = { store, signIns, redis, keyPrefix: '', logger: cli.logger, audit }
  if (!(await endListedSession(deps, user, { id: session, from: null }))) {
    const message = `${user.username} has no session ${session}. List them with: npm run cli -- sessions list ${user.username}`
    throw new CliError({ code: 'no_such_session', message })
  }
  return { json: { userId: user.id, session }, text: `The session of ${user.username} has ended.` }
}

async function endAll(cli: CliContext, options: Ending): Promise<Answer> {
  await askWhether('End the sessions of everybody?', options)
  const [store, { signIns }] = [await cli.store(), await cli.tokens()]
  const audit = await cli.audit()
  // Before the sessions, so that an outage cannot leave their tokens; and after, for new ones.
  await endAllSignIns(signIns)
  const ended = await store.endAllSessions()
  audit.sessionsEnded(null, { sessions: 'of everybody' })
  await endAllSignIns(signIns)
  return { json: { ended }, text: `Ended ${ended} sessions.` }
}
