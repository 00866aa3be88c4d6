import { CliError } from './cli-error.ts'

/** The command was called in a wrong way; the message says how it is called. */
export function wrongUsage(message: string): CliError {
  return new CliError({ code: 'wrong_usage', message, exitCode: 2 })
}
