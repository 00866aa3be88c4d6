import { SettingsError } from 'service-kit'
import { StartError } from './start-error.ts'

/** Prints what went wrong: a message where we know what it means, everything otherwise. */
export function tellProblem(error: unknown): void {
  const known = error instanceof StartError || error instanceof SettingsError
  const text = known
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error)
  process.stderr.write(`\n${text}\n\n`)
}
