import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { CliError, wrongUsage } from './cli-error.ts'

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })

/** Whether somebody sits there who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY
}

/**
 * Asks at the terminal. On stderr, since stdout is for the answer.
 *
 * @param options.hidden shows nothing of what is typed
 * @throws CliError when it is broken off
 */
export function ask(question: string, { hidden = false } = {}): Promise<string> {
  const output = hidden ? nowhere() : process.stderr
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
 * Goes on where the person says yes, or has with `--yes`; a program, which says `--json`, is not asked.
 *
 * @param question what will be done, as a question
 * @throws CliError otherwise
 */
export async function askWhether(
  question: string,
  { yes = false, json = false }: { yes?: boolean; json?: boolean },
): Promise<void> {
  if (yes || json) return
  if (!canAsk()) throw wrongUsage(`${question} This cannot be undone: say so with --yes.`)
  if (/^y(es)?$/i.test(await ask(`${question} [y/N] `))) return
  throw new CliError({ code: 'stopped', message: 'Nothing was done.' })
}

/** What is piped in, without the line break at its end. */
export async function readStdin(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}
