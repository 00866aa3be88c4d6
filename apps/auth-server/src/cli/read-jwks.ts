import { readFile } from 'node:fs/promises'
import { wrongUsage } from './cli-error.ts'

/**
 * The key set in the file that `--jwks-file` names; nothing without the option.
 *
 * @throws CliError if the file cannot be read or is not JSON
 */
export async function readJwks({ jwksFile }: { jwksFile?: string }): Promise<{ jwks?: unknown }> {
  if (jwksFile === undefined) return {}
  try {
    return { jwks: JSON.parse(await readFile(jwksFile, 'utf8')) }
  } catch (error) {
    throw wrongUsage(`--jwks-file: cannot read ${jwksFile}: ${String(error)}`)
  }
}
