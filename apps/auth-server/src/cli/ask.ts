import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { CliError, wrongUsage } from './cli-error.ts'

const discard = () => new Writable({ write: (_chunk, _encoding, done) => done() })

/** Whether a person at a terminal can answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY
}

/**
 * Asks a question on stderr, because stdout is for the answer of the command.
 *
 * @param options.hidden whether to hide what is typed
 * @throws CliError if the person cancels
 */
export function ask(question: string, { hidden = false } = {}): Promise<string> {
  const output = hidden ? discard() : process.stderr
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  return new Promise((resolve, reject) => {
    if (hidden) process.stderr.write(question)
    terminal.once('close', () => reject(new CliError({ code: 'stopped', message: '\nStopped.' })))
    terminal.question(hidden ? '' : question, (line) => {
      resolve(line.trim())
      terminal.close()
      if (hidden) process.stderr.write('\n')
    })
  })
}

/**
 * Asks for confirmation, unless `--yes` gives it or `--json` says that a program calls.
 *
 * @throws CliError if the person does not confirm
 */
export async function askWhether(
  question: string,
  { yes = false, json = false }: { yes?: boolean; json?: boolean },
): Promise<void> {
  if (yes || json) return
  if (!canAsk()) throw wrongUsage(`${question} This cannot be undone: confirm with --yes.`)
  if (/^y(es)?$/i.test(await ask(`${question} [y/N] `))) return
  throw new CliError({ code: 'stopped', message: 'Nothing was changed.' })
}

/** Everything on stdin, without the final line break. */
export async function readStdin(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}
