import type { Logger } from 'pino'
import { SettingsError } from '../settings/settings-error.ts'

/** Lists of secrets by the setting that they come from. */
type SecretLists = Record<string, string[]>

/**
 * On SIGHUP, reads the secrets again that come from files (`NAME_FILE`), so that they rotate without a
 * restart. The lists in use are changed in place. If any setting is wrong now, all stay as they are and
 * the log says why.
 */
export function rereadSecrets(options: {
  env: Record<string, string | undefined>
  /** The lists that the process uses. */
  inUse: SecretLists
  /** The lists as they are now. */
  read: () => SecretLists
  logger: Logger
}): void {
  const { env, inUse, read, logger } = options
  // Without a file, a setting cannot change, or is a random secret for this process alone.
  const names = Object.keys(inUse).filter((name) => env[`${name}_FILE`])

  process.on('SIGHUP', () => {
    try {
      const now = read()
      const changed = names.filter((name) => replace(inUse[name], now[name]))
      logger.info({ changed }, 'secret files reread')
    } catch (error) {
      const reason = error instanceof SettingsError ? error.message : undefined
      logger.error({ reason, err: reason === undefined ? error : undefined }, KEPT)
    }
  })
}

const KEPT = 'secret files not reread: the settings are wrong, and the former secrets stay in use'

/** @returns whether the list has changed */
function replace(list: string[] = [], content: string[] = []): boolean {
  if (list.join() === content.join()) return false
  list.splice(0, list.length, ...content)
  return true
}
