import type { Command } from 'commander'

/** What a command found out or did: for programs, and the same for people. */
export type Answer = {
  /** Printed as one JSON document with `--json`. */
  json: unknown
  text: string
  /** It answered, and all the same the exit code is to be 1. */
  failed?: boolean
}

/**
 * An action for commander: does the work and prints what it answers, which is all that ever goes to
 * stdout. What the work throws goes on to `runCli`.
 */
export function answer<Args extends unknown[]>(work: (...args: Args) => Promise<Answer>) {
  return async function printAnswer(this: Command, ...args: Args): Promise<void> {
    const { json, text, failed = false } = await work(...args)
    const isForPrograms = this.opts().json === true
    process.stdout.write(isForPrograms ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`)
    if (failed) process.exitCode = 1
  }
}
