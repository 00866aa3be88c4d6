import { SettingsError } from 'service-kit'
import { StartError } from './start-error.ts'

/** Prints an error: only the message of an expected one, the stack of any other. */
export function tellProblem(error: unknown): void {
  const known = error instanceof StartError || error instanceof SettingsError
  const text = known
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error)
  process.stderr.write(`\n${text}\n\n`)
}
