import { type Command, CommanderError } from 'commander'
import { explainFailure } from './explain-failure.ts'

type Run = {
  program: Command
  args: string[]
  /** Closes everything a command opened, after the audit records are stored. */
  close: () => Promise<void>
  env: NodeJS.ProcessEnv
}

/**
 * Runs the command that the arguments name and sets the exit code: 0 for done, 1 for failed, 2 for called
 * incorrectly. With `--json`, a failure is a JSON document as well.
 */
export async function runCli({ program, args, close, env }: Run): Promise<void> {
  process.stdout.on('error', (error) => {
    if (!isEnoughRead(error)) {
      process.exitCode = 1
      process.stderr.write(`The answer cannot be written: ${error.message}\n`)
    }
    void close().finally(() => process.exit())
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    tell(error, { flags: flagsOf(program), isForPrograms: args.includes('--json'), env })
  }
  await close()
}

/** The reader has closed the pipe, as in `npm run cli -- users list | head`. */
function isEnoughRead(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE'
}

type Call = { flags: readonly string[]; isForPrograms: boolean; env: NodeJS.ProcessEnv }

function tell(error: unknown, { flags, isForPrograms, env }: Call): void {
  const { code, message, exitCode } = explainFailure(error, flags)
  process.exitCode = exitCode
  if (exitCode === 0) return
  if (isForPrograms) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
  if (!(error instanceof CommanderError)) process.stderr.write(`${message}\n`)
  if (exitCode !== 2) return
  const taken = flags.find((flag) => env[`npm_config_${flag.slice(2).replaceAll('-', '_')}`])
  if (taken !== undefined)
    process.stderr.write(
      `npm took ${taken} for itself: put -- before the command, npm run cli -- …\n`,
    )
}

/** The long flags of all commands, `--search` for example. */
function flagsOf(command: Command): string[] {
  const own = command.options.flatMap(({ long }) => long ?? [])
  return [...own, ...command.commands.flatMap(flagsOf)]
}
