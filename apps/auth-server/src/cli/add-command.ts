import type { Command } from 'commander'
import { wrongUsage } from './cli-error.ts'

type Description = {
  /** Its name and arguments: `show <user>`. */
  usage: string
  summary: string
  /** Further help, shown by `--help`. */
  details?: string
  /** Sample calls, without `npm run cli --`. */
  examples: string[]
  /** Whether its group runs it when no command is named. */
  isDefault?: boolean
}

/** Adds a command with `--json` and with examples in its help. */
export function addCommand(parent: Command, description: Description): Command {
  const { usage, summary, details, examples, isDefault = false } = description
  return parent
    .command(usage, { isDefault })
    .summary(summary)
    .description(details === undefined ? summary : `${summary}\n\n${unwrapped(details)}`)
    .option('--json', 'print one JSON document for programs')
    .addHelpText('after', drawExamples(examples))
}

/** Joins the lines of each paragraph: commander wraps them to the width of the terminal. */
function unwrapped(text: string): string {
  return text.replaceAll(/(?<=\S)\n(?=\S)/g, ' ')
}

/** Adds a group of commands, such as `users` in `users list`. */
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

/** Reads `--limit`, the size of a page: 1 to 1000. @throws CliError if it is out of range */
export function pageLimit(given: string): number {
  if (!/^([1-9]\d{0,2}|1000)$/.test(given))
    throw wrongUsage('--limit takes a number from 1 to 1000.')
  return Number(given)
}
