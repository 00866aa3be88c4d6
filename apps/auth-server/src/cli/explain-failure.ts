import { AuthError } from 'auth-kit/session'
import { CommanderError } from 'commander'
import { isStoreDown, Problem, SettingsError } from 'service-kit'
import { CliError } from './cli-error.ts'

/** A failure as people see it, without a stack. */
export type Failure = { code: string; message: string; exitCode: 0 | 1 | 2 }

/** Explains an error in words that say what to do next, with the command's own flags. */
export function explainFailure(error: unknown, flags: readonly string[] = []): Failure {
  if (error instanceof CommanderError) return explainUsage(error)
  if (error instanceof CliError) return error
  if (error instanceof Problem) return explainProblem(error, flags)
  if (error instanceof SettingsError) return failure('settings', error.message)
  if (error instanceof AuthError && error.code === 'sessions_unavailable')
    return failure(
      'redis_away',
      'Redis does not answer. Check that it runs and that REDIS_URL is right.',
    )
  if (isStoreDown(error))
    return failure(
      'mongo_away',
      'MongoDB does not answer. Check that it runs and that MONGO_URL is right.',
    )
  return failure('unexpected', `Unexpected error: ${reasonOf(error)}`)
}

// Commander has already printed the message. Asking for help is not a failure.
function explainUsage({ exitCode, message }: CommanderError): Failure {
  return { code: 'wrong_usage', message, exitCode: exitCode === 0 ? 0 : 2 }
}

function explainProblem({ code, message, fields }: Problem, flags: readonly string[]): Failure {
  const lines = fields.map((problem) => `  ${flagOf(problem.field, flags)}: ${problem.message}`)
  return {
    code,
    message: [message, ...lines].join('\n'),
    exitCode: code === 'invalid_input' ? 2 : 1,
  }
}

/** `redirectUris.0` is `--redirect-uri` for whoever typed it. */
function flagOf(field: string, flags: readonly string[]): string {
  const [name = ''] = field.split('.')
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return [flag, flag.replace(/s$/, '')].find((one) => flags.includes(one)) ?? field
}

function failure(code: string, message: string): Failure {
  return { code, message, exitCode: 1 }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
