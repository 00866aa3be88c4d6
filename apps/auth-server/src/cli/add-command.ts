import type { Command } from 'commander'
import { wrongUsage } from './cli-error.ts'

type Description = {
  /** Its name, and what comes after it: `show <user>`. */
  usage: string
  summary: string
  /** What else `--help` has to tell. */
  details?: string
  /** How it is called, after `npm run cli --`. */
  examples: string[]
  /** It is what its group does where no command of it is named. */
  isDefault?: boolean
}

/** Adds a command that answers `--json`, and whose help shows by example how it is called. */
export function addCommand(parent: Command, description: Description): Command {
  const { usage, summary, details, examples, isDefault = false } = description
  return parent
    .command(usage, { isDefault })
    .summary(summary)
    .description(details === undefined ? summary : `${summary}\n\n${details}`)
    .option('--json', 'print one JSON document for programs')
    .addHelpText('after', drawExamples(examples))
}

/** Adds the command that others belong to, such as `users` in `users list`. */
export function addCommandGroup(
  program: Command,
  { name, summary, examples }: { name: string; summary: string; examples: string[] },
): Command {
  return program
    .command(name)
    .summary(summary)
    .description(summary)
    .addHelpText('after', drawExamples(examples))
}

function drawExamples(examples: string[]): string {
  const title = examples.length === 1 ? 'Example:' : 'Examples:'
  return ['', title, ...examples.map((example) => `  $ npm run cli -- ${example}`)].join('\n')
}

/** `--limit`, how many a page holds: 1 to 1000. @throws CliError if it is no such number */
export function pageLimit(given: string): number {
  if (!/^([1-9]\d{0,2}|1000)$/.test(given)) throw wrongUsage('--limit is a number from 1 to 1000.')
  return Number(given)
}
