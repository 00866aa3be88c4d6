import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand, addCommandGroup } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { askWhether } from '../ask.ts'
import { releaseRestored } from '../../sessions/watch-restores.ts'

type Options = { keepSessions?: boolean; yes?: boolean }

const details = `With ON_RESTORE=hold, every server answers 503 after Redis was restored from a backup or lost sign-outs.
This ends all sessions, because signed-out ones may be among them, and then the hold.`

/** `restore`: what to do after Redis was restored. */
export function addRestoreCommands(program: Command, cli: CliContext): void {
  const group = addCommandGroup(program, {
    name: 'restore',
    summary: 'Serve again after Redis was restored from a backup.',
    examples: ['restore acknowledge'],
  })
  addCommand(group, {
    usage: 'acknowledge',
    summary: 'End all sessions and the hold.',
    details,
    examples: ['restore acknowledge', 'restore acknowledge --keep-sessions --yes --json'],
  })
    .option('--keep-sessions', 'honour all restored sessions, even those signed out since')
    .option('--yes', 'skip the confirmation')
    .action(answer((options: Options) => acknowledge(cli, options)))
}

async function acknowledge(cli: CliContext, options: Options): Promise<Answer> {
  const keep = options.keepSessions === true
  await askWhether(
    keep ? 'Honour all restored sessions?' : 'End the sessions of everybody?',
    options,
  )
  const deps = { redis: await cli.redis(), keyPrefix: '', store: await cli.store() }
  const ended = await releaseRestored({ ...deps, audit: await cli.audit() }, { keep })
  if (ended === null) return { json: { released: false, ended: 0 }, text: 'Nothing is on hold.' }
  const text = keep ? 'The hold is over.' : `The hold is over. Ended ${ended} sessions.`
  return { json: { released: true, ended }, text }
}
