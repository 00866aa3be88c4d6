import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { type KeptChild, keepChild } from './keep-child.ts'
import { keepRunning } from './keep-running.ts'
import { findFreePort } from './free-port.ts'
import { keptPort } from './kept-port.ts'
import type { Log } from './service.ts'

const program = createRequire(import.meta.url).resolve('maildev/bin/maildev')
const secondsToStart = 120

/** Where e-mails go, and where to read them: undefined if SMTP_URL is set. */
export type MailCatcher = {
  url: string
  mailbox: string | undefined
  how: string
  /** Never resolves. Rejects with the reason if it ends and does not come back. */
  failed?: Promise<never>
  stop: () => Promise<void>
}

type Options = {
  /** The folder for e-mails, which a later start shows again. */
  dir: string
  /** The port of the page. If it is taken, another one is used. */
  webPort?: number
  env: NodeJS.ProcessEnv
  log: Log
  signal?: AbortSignal | undefined
}

/**
 * Uses the server in `SMTP_URL`, or starts an SMTP server that keeps every e-mail, sends none, and shows
 * them on a page. `GET <mailbox>/email` returns them as JSON.
 */
export async function startMailCatcher(options: Options): Promise<MailCatcher> {
  const { dir, env, log, signal } = options
  const given = env.SMTP_URL
  if (given) return { url: given, mailbox: undefined, how: 'from SMTP_URL', stop: async () => {} }
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const smtpPort = await keptPort(`${dir}.port`)
  const webPort = await findFreePort(options.webPort)
  const mailbox = `http://127.0.0.1:${webPort}`
  const { pid, failed, stop } = await keepRunning({
    name: 'The mail catcher',
    run: (ending) => run({ dir, smtpPort, webPort, mailbox, env, signal: ending }),
    log,
    signal,
  })
  const url = `smtp://127.0.0.1:${smtpPort}`
  return { url, mailbox, how: `maildev, process ${pid}`, failed, stop }
}

async function run({
  mailbox,
  env,
  signal,
  ...place
}: Place & { mailbox: string; env: NodeJS.ProcessEnv; signal: AbortSignal }): Promise<KeptChild> {
  const child = await keepChild({ command: commandOf(place), env, signal })
  const deadline = Date.now() + secondsToStart * 1_000
  while (child.isRunning() && Date.now() < deadline) {
    if (await answers(`${mailbox}/email`)) return child
    await sleep(50)
  }
  await child.stop()
  signal.throwIfAborted()
  throw new Error(`The mail catcher did not start:\n${child.lastWords()}`)
}

type Place = { dir: string; smtpPort: number; webPort: number }

function commandOf({ dir, smtpPort, webPort }: Place): [string, ...string[]] {
  const ports = ['--smtp', String(smtpPort), '--web', String(webPort)]
  return [process.execPath, program, ...ports, '--ip', '127.0.0.1', '--mail-directory', dir]
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  )
}
