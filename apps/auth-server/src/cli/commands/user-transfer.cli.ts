import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { addCommand } from '../add-command.ts'
import { type Answer, answer } from '../answer.ts'
import { wrongUsage } from '../cli-error.ts'
import { everyUser } from '../../users/find-user.ts'
import {
  importUsers,
  type LineProblem,
  type Progress,
} from '../../accounts/transfer/import-users.ts'
import { lineOf } from '../../accounts/transfer/user-line.ts'

const MOST_PROBLEMS = 1_000
const TELL_EVERY = 10_000

const importDetails = `Each line is JSON: { "username", "email", "passwordHash", "roles", "verifiedAt", "suspendedAt",
"createdAt" }, all but the first two may be absent; moments as 2026-11-21T08:05:00Z. "-" is stdin.

passwordHash is one of these, and is replaced by our own at the first sign-in:
  bcrypt   $2a$, $2b$ or $2y$, cost 4 to 15
  Argon2   $argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>, also argon2i and argon2d
  scrypt   $scrypt$ln=<log2 N>,r=8,p=1$<salt>$<hash>, base64 without padding
  sha384:… what "users export --with-hashes" writes
Without one, people choose a password by "forgotten password". Argon2 and scrypt may take 256 MiB
and 20 rounds at most, Argon2 16 lanes; salt and hash 64 and 128 bytes.

The same file again goes on where it was broken off: users who are there already stay as they are.
Bad lines are told by their number on stderr and hold up no other; then it ends with 1.`

/** `users import` and `users export`. */
export function addUserTransferCommands(group: Command, cli: CliContext): void {
  addCommand(group, {
    usage: 'import <file>',
    summary: 'Take users over from another system, with their passwords.',
    details: importDetails,
    examples: ['users import users.ndjson --dry-run', 'users import users.ndjson --json'],
  })
    .option('--dry-run', 'check every line, and store nothing')
    .action(answer((file: string, options: { dryRun?: boolean }) => takeOver(cli, file, options)))

  addCommand(group, {
    usage: 'export',
    summary: 'Print every user as a line of JSON, as "users import" takes it.',
    details: 'With --json as well: a line for each user is the document.',
    examples: ['users export > users.ndjson', 'users export --with-hashes > private.ndjson'],
  })
    .option('--with-hashes', 'the hashes of their passwords, too: keep that file secret')
    .action((options: { withHashes?: boolean }) => writeAll(cli, options.withHashes ?? false))
}

async function takeOver(
  cli: CliContext,
  file: string,
  { dryRun = false }: { dryRun?: boolean },
): Promise<Answer> {
  const users = await cli.users()
  const input = await openInput(file)
  const audit = await cli.audit()
  // First: also what is broken off has made users.
  if (!dryRun) audit.usersImportBegun(null, {})
  const problems: LineProblem[] = []
  let nextTell = TELL_EVERY
  // Lines that come before somebody asks for them are lost: nothing is waited for in between.
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  const progress = await importUsers(users, lines, {
    dryRun,
    onProblem(problem) {
      cli.say(`line ${problem.line}: ${problem.reason}`)
      if (problems.length < MOST_PROBLEMS) problems.push(problem)
    },
    onProgress(progress) {
      if (progress.lines < nextTell) return
      nextTell = progress.lines + TELL_EVERY
      cli.say(`… ${summary(progress, dryRun)}`)
    },
  })
  const { imported, skipped, failed } = progress
  if (!dryRun) audit.usersImported(null, { imported, skipped, failed })
  const json = { dryRun, ...progress, problems }
  return { json, text: summary(progress, dryRun), failed: failed > 0 }
}

function summary({ lines, imported, skipped, failed }: Progress, dryRun: boolean): string {
  const done = dryRun ? 'could be imported' : 'imported'
  return `${lines} lines: ${imported} ${done}, ${skipped} there already, ${failed} with problems.`
}

async function openInput(file: string): Promise<NodeJS.ReadableStream> {
  if (file === '-') return process.stdin
  const input = createReadStream(file)
  await once(input, 'open').catch(() => {
    throw wrongUsage(`The file ${file} cannot be read.`)
  })
  return input
}

async function writeAll(cli: CliContext, withHash: boolean): Promise<void> {
  const audit = await cli.audit()
  // First: also what is broken off has left the house.
  audit.usersExported(null, { hashes: withHash ? 'with hashes' : 'without hashes' })
  for await (const user of everyUser(await cli.users())) {
    const line = JSON.stringify(lineOf(user, { withHash }))
    // A reader that is slow makes us wait, and not keep it all.
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
  }
}
