import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createMailer } from '../../packages/mail-delivery/src/mail-delivery.ts'
import { mailOf } from '../../packages/mail-delivery/src/mail.fixture.ts'
import { startMailCatcher } from './mail-catcher.ts'

const { SMTP_URL: _smtp, ...env } = process.env
const log = (line: string) => void process.stderr.write(`${line}\n`)

let dir: string
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'mails-'))))
afterAll(() => rm(dir, { recursive: true }))

describe('the mail catcher', () => {
  it('shows every e-mail, also as JSON, and again after a restart', async () => {
    const first = await startMailCatcher({ dir, env, log })
    await createMailer({ smtpUrl: first.url, from: 'no-reply@localhost' }).deliver(
      mailOf('confirm'),
    )
    const expected = [
      {
        to: [{ address: 'ada@example.com' }],
        subject: 'Confirm your account at Latchkey',
        text: expect.stringContaining('confirm-token'),
        html: expect.stringContaining('confirm-token'),
      },
    ]
    expect(await mailsOnceCaught(first.mailbox)).toMatchObject(expected)
    const page = await fetch(`${first.mailbox}/`)
    expect(page.headers.get('content-type')).toContain('text/html')
    await first.stop()

    const second = await startMailCatcher({ dir, env, log })
    expect(await mailsOnceCaught(second.mailbox)).toMatchObject(expected)
    await second.stop()
    await expect(mailsIn(second.mailbox)).rejects.toThrow()
  })

  it('is not started if SMTP_URL is set', async () => {
    const given = { ...env, SMTP_URL: 'smtp://smtp.example' }
    expect(await startMailCatcher({ dir, env: given, log })).toMatchObject({
      url: 'smtp://smtp.example',
      mailbox: undefined,
    })
  })
})

/** The catcher answers 250 a moment before it shows the e-mail. */
async function mailsOnceCaught(mailbox: string | undefined): Promise<unknown> {
  const deadline = Date.now() + 5_000
  // oxlint-disable no-await-in-loop -- polling
  while (Date.now() < deadline) {
    const mails = await mailsIn(mailbox)
    if (JSON.stringify(mails) !== '[]') return mails
    await sleep(20)
  }
  return []
}

async function mailsIn(mailbox: string | undefined): Promise<unknown> {
  return await (await fetch(`${mailbox}/email`)).json()
}
