/**
 * Why a command cannot do what it was asked, and what to do next, in words for the person who typed it.
 */
export class CliError extends Error {
  readonly code: string
  /** 1: the command failed; 2: it was called incorrectly. */
  readonly exitCode: 1 | 2

  constructor({
    code,
    message,
    exitCode = 1,
    cause,
  }: {
    code: string
    message: string
    exitCode?: 1 | 2
    cause?: unknown
  }) {
    super(message, { cause })
    this.name = 'CliError'
    this.code = code
    this.exitCode = exitCode
  }
}

/** The command was called incorrectly; the message says how to call it. */
export function wrongUsage(message: string): CliError {
  return new CliError({ code: 'wrong_usage', message, exitCode: 2 })
}
