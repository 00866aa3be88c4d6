import { SettingsError } from '../settings/settings-error.ts'

/**
 * Starts a server process. If it cannot start, it says why in words, without a stack, and exits with 1.
 */
export async function startService(name: string, start: () => Promise<unknown>): Promise<void> {
  try {
    await start()
  } catch (error) {
    process.stderr.write(`${name} cannot start. ${reasonOf(error)}\n`)
    process.exit(1)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof SettingsError) return error.message
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
