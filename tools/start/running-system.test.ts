import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { z } from 'zod'
import { queues, sealMail } from '../../packages/mail-contract/src/mail-contract.ts'
import { mailOf } from '../../packages/mail-delivery/src/mail.fixture.ts'
import { connectQueues } from '../../packages/mail-delivery/src/queues.ts'
import { findFreePort } from '../services/free-port.ts'
import { ask, endStarts, makePlace, npmStart, type Running, signIn } from './npm-start.fixture.ts'

jest.setTimeout(120_000)

const root = fileURLToPath(new URL('../../', import.meta.url))

let place: Awaited<ReturnType<typeof makePlace>>
let start: ReturnType<typeof npmStart>
let running: Running
beforeAll(async () => {
  place = await makePlace()
  // The cookie name of the usual port, which the README's sample expects.
  start = npmStart({ ...place, env: { ...place.env, COOKIE_NAME: 'session' } })
  running = await start.running()
})
afterAll(async () => {
  await start.end('SIGINT')
  endStarts()
  await place.remove()
})

describe('the system that npm start runs', () => {
  it('sends e-mails from the queue and shows them in the mailbox', async () => {
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

  it('signs a user in on one server, knows them on the other, and signs them out on both', async () => {
    const cookie = await signIn(running)
    const me = await ask(`${running.productServer}/me`, { cookie })
    expect(await me.json()).toMatchObject({ user: { username: 'demo', email: 'demo@example.com' } })

    const signOut = await ask(`${running.authServer}/logout`, { cookie, method: 'POST' })
    expect(signOut.status).toBe(200)
    expect((await ask(`${running.productServer}/me`, { cookie })).status).toBe(401)
    expect((await ask(`${running.authServer}/session`, { cookie })).status).toBe(401)
  })

  it('is found by the command line, and its servers honour each other', async () => {
    expect(await pnpmCli('doctor')).toMatchObject({ ok: true })
    const names = ['--username', 'ada', '--email', 'ada@example.com']
    const ada = await pnpmCli('create-admin', ...names)
    expect(await signIn({ ...running, accounts: [ada] })).not.toBe('')
  })

  it('works with the README’s sample as printed', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const [, sample = ''] = /Save this as `shop\.js`[^]*?```js\n([^]*?)```/.exec(readme) ?? []
    const port = String(await findFreePort())
    const code = sample
      .replaceAll('http://localhost:3000', running.authServer)
      .replaceAll('4000', port)
    // In a folder with the packages that the sample installs.
    const file = join(root, 'apps/product-server', `readme-sample-${port}.mjs`)
    await writeFile(file, code)
    const { SESSION_SECRETS } = JSON.parse(
      await readFile(join(place.dataDir, 'secrets.json'), 'utf8'),
    )
    const env = { PATH: process.env.PATH, REDIS_URL: running.services.redis, SESSION_SECRETS }
    const shop = spawn(process.execPath, ['-C', 'source', file], { env, stdio: 'inherit' })
    const ended = once(shop, 'exit')
    try {
      const me = `http://localhost:${port}/me`
      const cookie = await signIn(running)
      const deadline = Date.now() + 30_000
      const isUp = () =>
        ask(me).then(
          () => true,
          () => false,
        )
      while (!(await isUp()) && Date.now() < deadline) await sleep(50)
      expect((await ask(me)).status).toBe(401)
      expect(await (await ask(me, { cookie })).json()).toMatchObject({ user: { username: 'demo' } })
      expect((await ask(`http://localhost:${port}/reports`, { cookie })).status).toBe(403)
    } finally {
      shop.kill('SIGTERM')
      await ended
      await rm(file)
    }
  })

  it('prints curl lines with the address and password of the demo account', async () => {
    const { accounts, authServer } = running
    const credentials = { username: 'demo', password: accounts[0]?.password }
    expect(start.output()).toContain(`-d '${JSON.stringify(credentials)}' ${authServer}/login`)
  })
})

/** The JSON answer of a command whose environment does not name the system. */
async function pnpmCli(...args: string[]) {
  const program = 'apps/auth-server/src/cli.ts'
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-C', 'source', program, '--data', place.dataDir, ...args, '--json'],
    { env: { PATH: process.env.PATH } },
  )
  return JSON.parse(stdout)
}
