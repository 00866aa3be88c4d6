import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { z } from 'zod'
import { queues, sealMail } from '../../packages/mail-contract/src/mail-contract.ts'
import { mailOf } from '../../packages/mail-delivery/src/mail.fixture.ts'
import { connectQueues } from '../../packages/mail-delivery/src/queues.ts'
import { ask, endStarts, makePlace, npmStart, type Running, signIn } from './npm-start.fixture.ts'

jest.setTimeout(60_000)

let place: Awaited<ReturnType<typeof makePlace>>
let start: ReturnType<typeof npmStart>
let running: Running
beforeAll(async () => {
  place = await makePlace()
  start = npmStart(place)
  running = await start.running()
})
afterAll(async () => {
  await start.end('SIGINT')
  endStarts()
  await place.remove()
})

describe('what npm start runs', () => {
  it('sends what lies in the mail queue, and shows it in the mailbox', async () => {
    const { mailbox, services } = running
    const { MAIL_SECRETS } = JSON.parse(await readFile(join(place.dataDir, 'secrets.json'), 'utf8'))
    const queue = connectQueues({ url: services.amqp, names: queues(), onError: () => undefined })
    const message = mailOf('confirm')
    const body = Buffer.from(await sealMail(message, [MAIL_SECRETS]))
    await queue.publish(queue.names.mail, { id: message.id, body })
    await queue.close()
    const deadline = Date.now() + 10_000
    const mails = async () =>
      z.array(z.unknown()).parse(await (await ask(`${mailbox}/email`)).json())
    while ((await mails()).length === 0 && Date.now() < deadline) await sleep(50)
    expect(await mails()).toMatchObject([
      {
        to: [{ address: message.to }],
        subject: 'Confirm your account at Latchkey',
        text: expect.stringContaining('Confirm your account'),
        html: expect.stringContaining('<h1'),
      },
    ])
  })

  it('signs in on one server, is known on the other, and signed out on both', async () => {
    const cookie = await signIn(running)
    const me = await ask(`${running.productServer}/me`, { cookie })
    expect(await me.json()).toMatchObject({ user: { username: 'demo', email: 'demo@example.com' } })

    const signOut = await ask(`${running.authServer}/logout`, { cookie, method: 'POST' })
    expect(signOut.status).toBe(200)
    expect((await ask(`${running.productServer}/me`, { cookie })).status).toBe(401)
    expect((await ask(`${running.authServer}/session`, { cookie })).status).toBe(401)
  })

  it('is the system that the command line finds, whose servers honour each other', async () => {
    expect(await pnpmCli('doctor')).toMatchObject({ ok: true })
    const names = ['--username', 'ada', '--email', 'ada@example.com']
    const ada = await pnpmCli('create-admin', ...names)
    expect(await signIn({ ...running, accounts: [ada] })).not.toBe('')
  })

  it('prints curl lines with the address and password of the demo account', async () => {
    const { accounts, authServer } = running
    const credentials = { username: 'demo', password: accounts[0]?.password }
    expect(start.output()).toContain(`-d '${JSON.stringify(credentials)}' ${authServer}/login`)
  })
})

/** What a command answers for programs, with nothing in its environment that names the system. */
async function pnpmCli(...args: string[]) {
  const program = 'apps/auth-server/src/cli.ts'
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-C', 'source', program, '--data', place.dataDir, ...args, '--json'],
    { env: { PATH: process.env.PATH } },
  )
  return JSON.parse(stdout)
}
