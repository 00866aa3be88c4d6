import { type Command, CommanderError } from 'commander'
import { explainFailure } from './explain-failure.ts'

type Run = {
  program: Command
  args: string[]
  /** Closes everything a command opened, after the audit records are stored. */
  close: () => Promise<void>
}

/**
 * Runs the command that the arguments name and sets the exit code: 0 for done, 1 for failed, 2 for called
 * incorrectly. With `--json`, a failure is a JSON document as well.
 */
export async function runCli({ program, args, close }: Run): Promise<void> {
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
    tell(error, args.includes('--json'))
  }
  await close()
}

/** The reader has closed the pipe, as in `npm run cli -- users list | head`. */
function isEnoughRead(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE'
}

function tell(error: unknown, isForPrograms: boolean): void {
  const { code, message, exitCode } = explainFailure(error)
  process.exitCode = exitCode
  if (exitCode === 0) return
  if (isForPrograms) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
  if (!(error instanceof CommanderError)) process.stderr.write(`${message}\n`)
}
