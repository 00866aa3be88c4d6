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

const importDetails = `Each line is a JSON object: { "username", "email", "passwordHash", "roles", "verifiedAt", "suspendedAt",
"createdAt" }. All but the first two are optional; moments look like 2026-11-21T08:05:00Z. "-" is stdin.

passwordHash is one of these; the first sign-in replaces it with this server's own hash:
  bcrypt   $2a$, $2b$ or $2y$, cost 4 to 15
  Argon2   $argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>, also argon2i and argon2d
  scrypt   $scrypt$ln=<log2 N>,r=8,p=1$<salt>$<hash>, base64 without padding
  sha384:… as written by "users export --with-hashes"
Without one, people choose a password with "forgotten password". Argon2 and scrypt may take up to
256 MiB and 20 rounds, Argon2 up to 16 lanes; salts have up to 64 bytes, hashes up to 128.

Run an interrupted import again to complete it: users who already exist stay as they are. Bad lines
are reported on stderr by number and do not stop the others, but then the command exits with 1.`

/** `users import` and `users export`. */
export function addUserTransferCommands(group: Command, cli: CliContext): void {
  addCommand(group, {
    usage: 'import <file>',
    summary: 'Import users from another system with their passwords.',
    details: importDetails,
    examples: ['users import users.ndjson --dry-run', 'users import users.ndjson --json'],
  })
    .option('--dry-run', 'check every line but store nothing')
    .action(answer((file: string, options: { dryRun?: boolean }) => takeOver(cli, file, options)))

  addCommand(group, {
    usage: 'export',
    summary: 'Print every user as a line of JSON for "users import".',
    details: 'The output is the same with --json: one line for each user.',
    examples: ['users export > users.ndjson', 'users export --with-hashes > private.ndjson'],
  })
    .option('--with-hashes', 'include password hashes: keep the file secret')
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
  // First, because an interrupted import has also created users.
  if (!dryRun) audit.usersImportBegun(null, {})
  const problems: LineProblem[] = []
  let nextTell = TELL_EVERY
  // No await before the import reads: lines that arrive earlier would be lost.
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
  return `${lines} lines: ${imported} ${done}, ${skipped} already exist, ${failed} with problems.`
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
  // First, because an interrupted export has also given data out.
  audit.usersExported(null, { hashes: withHash ? 'with hashes' : 'without hashes' })
  for await (const user of everyUser(await cli.users())) {
    const line = JSON.stringify(lineOf(user, { withHash }))
    // Waits for a slow reader instead of buffering everything.
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
  }
}
