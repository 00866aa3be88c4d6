import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { startMailCatcher } from '../tools/services/mail-catcher.ts'
import { startOwnRabbit } from '../tools/services/own-instances.ts'

const caughtMails = z.array(
  z.object({
    to: z.array(z.object({ address: z.string() })),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
  }),
)

export type CaughtMail = z.infer<typeof caughtMails>[number]
export type Mail = Awaited<ReturnType<typeof startMail>>

/** Starts a RabbitMQ and an SMTP catcher for a test. The mail worker runs with the servers. */
export async function startMail() {
  const dir = await mkdtemp(join(tmpdir(), 'sign-in-mails-'))
  const [rabbit, catcher] = await Promise.all([
    startOwnRabbit(),
    startMailCatcher({ dir, env: {}, log: () => undefined }),
  ])

  async function caught(): Promise<CaughtMail[]> {
    return caughtMails.parse(await (await fetch(`${catcher.mailbox}/email`)).json())
  }
  return {
    env: {
      AMQP_URL: rabbit.url,
      SMTP_URL: catcher.url,
      MAIL_FROM: 'Latchkey <no-reply@localhost>',
      MAIL_SECRETS: randomBytes(32).toString('hex'),
    },

    /** Waits for the newest e-mail to that address whose subject contains these words. */
    async mailTo(address: string, words: string): Promise<CaughtMail> {
      const deadline = Date.now() + 10_000
      while (Date.now() < deadline) {
        const found = (await caught()).findLast(
          ({ to, subject }) => to.some((one) => one.address === address) && subject.includes(words),
        )
        if (found) return found
        await sleep(50)
      }
      throw new Error(`No e-mail "${words}" came to ${address}`)
    },

    async stop() {
      await Promise.all([rabbit.stop(), catcher.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The target of an e-mail's button or link, by its label in the text part. */
export function linkIn({ text }: CaughtMail, label: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const url = lines[lines.indexOf(`${label}:`) + 1] ?? ''
  if (!URL.canParse(url)) throw new Error(`The e-mail has no link "${label}":\n${text}`)
  return url
}
