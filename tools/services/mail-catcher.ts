import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { keepChild } from './keep-child.ts'
import { findFreePort } from './run-local-server.ts'

const program = createRequire(import.meta.url).resolve('maildev/bin/maildev')
const secondsToStart = 30

/** Where mails go, and where to read them: undefined where the address was given. */
export type MailCatcher = {
  url: string
  mailbox: string | undefined
  how: string
  stop: () => Promise<void>
}

type Options = {
  /** For the mails, which a later start shows again. */
  dir: string
  /** For the page; another one where it is taken. */
  webPort?: number
  env: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
}

/**
 * What `SMTP_URL` names; else an SMTP server that keeps every mail and sends none, with a page that
 * shows them. `GET <mailbox>/email` gives them as JSON.
 */
export async function startMailCatcher(options: Options): Promise<MailCatcher> {
  const { dir, env, signal } = options
  const given = env.SMTP_URL
  if (given) return { url: given, mailbox: undefined, how: 'from SMTP_URL', stop: async () => {} }
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const smtpPort = await findFreePort()
  const webPort = await findFreePort(options.webPort)
  const mailbox = `http://127.0.0.1:${webPort}`
  const child = await keepChild({ command: commandOf({ dir, smtpPort, webPort }), env, signal })

  const deadline = Date.now() + secondsToStart * 1_000
  while (child.isRunning() && Date.now() < deadline) {
    if (await answers(`${mailbox}/email`)) {
      const url = `smtp://127.0.0.1:${smtpPort}`
      return { url, mailbox, how: `maildev, process ${child.pid}`, stop: () => child.stop() }
    }
    await sleep(50)
  }
  await child.stop()
  signal?.throwIfAborted()
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
