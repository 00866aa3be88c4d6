import type { Command } from 'commander'

/** The result of a command, for programs and for people. */
export type Answer = {
  /** Printed as one JSON document with `--json`. */
  json: unknown
  text: string
  /** Whether the exit code is 1 in spite of an answer. */
  failed?: boolean
}

/**
 * Turns work into a commander action that prints its answer, the only thing written to stdout. Errors go
 * on to `runCli`.
 */
export function answer<Args extends unknown[]>(work: (...args: Args) => Promise<Answer>) {
  return async function printAnswer(this: Command, ...args: Args): Promise<void> {
    const { json, text, failed = false } = await work(...args)
    const isForPrograms = this.opts().json === true
    process.stdout.write(isForPrograms ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`)
    if (failed) process.exitCode = 1
  }
}
