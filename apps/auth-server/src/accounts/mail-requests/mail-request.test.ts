import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { bytesOf } from '../../../testing/bytes-of.fixture.ts'
import { allMailsTo, linkIn, mailTo } from '../../../testing/mailed-links.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({
    LIMIT_MAIL_PER_ADDRESS: '1000',
    PUBLIC_URL: 'https://login.example',
  })
})
afterAll(() => server.close())

const routes = ['/resend_confirmation', '/forgot_password'] as const

function ask(path: string, email: unknown) {
  return request(server.app).post(path).send({ email })
}

/** An account that is not confirmed and one that is, and the kind of e-mail of this route. */
async function accounts(path: (typeof routes)[number]) {
  const open = await server.addUser({ verifiedAt: null })
  const other = await server.addUser({ verifiedAt: new Date() })
  const kind = path === '/forgot_password' ? 'reset' : 'confirm'
  return { open, other, kind } as const
}

/** Every key of this server in Redis, with its value. */
async function storedInRedis(): Promise<string> {
  const { redis } = server
  const keys = await redis.keys(`${server.keyPrefix}*`)
  const entries = keys.map(async (key) => {
    const type = await redis.type(key)
    if (type === 'string') return [key, await redis.get(key)]
    if (type === 'hash') return [key, await redis.hgetall(key)]
    if (type === 'zset') return [key, await redis.zrange(key, '0', '-1')]
    if (type === 'none') return [key] // expired just now
    throw new Error(`${key} is a ${type}`)
  })
  return JSON.stringify(await Promise.all(entries))
}

describe.each(routes)('POST %s', (path) => {
  it('R9 answers 202 with the same bytes for any address', async () => {
    const { open, other } = await accounts(path)
    const addresses = [open.email, open.email, other.email, 'nobody@example.com']
    for (const accept of ['application/json', 'text/html']) {
      const seen = new Set<string>()
      for (const email of addresses) {
        // oxlint-disable-next-line no-await-in-loop
        seen.add(bytesOf(await ask(path, email).set('Accept', accept)))
      }
      expect([...seen]).toHaveLength(1)
      expect([...seen][0]).toContain('"status":202')
    }
  })

  it('sends an e-mail to the account’s address, with a link under PUBLIC_URL (C19)', async () => {
    const { open, kind } = await accounts(path)
    await ask(path, open.email.toUpperCase())
      .set({ Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil' })
      .expect(202)
    const mail = await mailTo(server, { to: open.email, kind })
    expect(linkIn(mail).origin).toBe('https://login.example')
    expect(JSON.stringify(mail)).not.toContain('evil')
  })

  it('sends one e-mail in 5 minutes to each address, even after twenty concurrent requests', async () => {
    const { open } = await accounts(path)
    await Promise.all(Array.from({ length: 20 }, () => ask(path, open.email).expect(202)))
    await ask(path, open.email).expect(202)
    expect(await allMailsTo(server, open.email)).toHaveLength(1)
  })

  it('stores no address in Redis', async () => {
    const { open } = await accounts(path)
    await ask(path, open.email).expect(202)
    const claims = await server.redis.keys(`${server.keyPrefix}mail-asked:*`)
    expect(await server.redis.ttl(claims[0] ?? '')).toBeGreaterThan(200)
    const stored = await storedInRedis()
    expect(stored).toContain(claims[0])
    expect(stored).not.toContain(open.email)
  })

  it('sends nothing to a user who is being deleted', async () => {
    const { open } = await accounts(path)
    await server.users.updateOne({ _id: open.id }, { $set: { deletingAt: new Date() } })
    await ask(path, open.email).expect(202)
    expect(await allMailsTo(server, open.email)).toEqual([])
  })

  it.each([
    ['an object', { $ne: null }],
    ['a list', ['a@example.com']],
    ['nothing', undefined],
    ['an invalid address', 'ada'],
    ['a second header (R43)', 'ada@example.com\r\nBcc: eve@example.com'],
    ['two addresses', 'ada@example.com,eve@example.com'],
  ])('R41 refuses %s', async (_what, email) => {
    const answer = await ask(path, email).expect(400)
    expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'email' }] })
  })
})

describe('POST /forgot_password', () => {
  it.each([
    ['a dotless i', 'mike', 'mıke'],
    ['a long s', 'silas', 'ſilas'],
  ])('C22 sends to the stored address only: %s', async (_what, name, typed) => {
    const domain = `${crypto.randomUUID().slice(0, 8)}.example`
    const user = await server.addUser({ username: `u-${domain}`, email: `${name}@${domain}` })
    await ask('/forgot_password', `${typed}@${domain}`).expect(202)
    const mails = await allMailsTo(server, `${typed}@${domain}`)
    expect(mails).toEqual([])
    // If NFKC makes both the same address, the e-mail goes to the stored one.
    const own = await allMailsTo(server, user.email)
    expect(own.length).toBe(typed.normalize('NFKC') === name ? 1 : 0)
  })

  it('C22 finds the account by K (Kelvin) and decomposed letters, and sends to it as stored', async () => {
    const domain = `${crypto.randomUUID().slice(0, 8)}.example`
    const user = await server.addUser({ username: `v-${domain}`, email: `kéké@${domain}` })
    const typed = `\u212Aéké@${domain}`.replace('\u212Aék', '\u212Ae\u0301k').normalize('NFD')
    await ask('/forgot_password', typed).expect(202)
    expect(await allMailsTo(server, user.email)).toHaveLength(1)
    expect(await allMailsTo(server, typed)).toEqual([])
  })
})

describe('POST /resend_confirmation', () => {
  it('sends nothing to a confirmed account', async () => {
    const user = await server.addUser()
    await ask('/resend_confirmation', user.email).expect(202)
    expect(await allMailsTo(server, user.email)).toEqual([])
  })
})

describe('the request forms', () => {
  it.each(routes)('at %s post there and need no script', async (path) => {
    const page = await request(server.app).get(path).set('Accept', 'text/html').expect(200)
    expect(page.text).toContain(`method="post" action="${path}"`)
    expect(page.text).toContain('name="email" type="email"')
  })

  it.each(routes)('at %s show an error at the address', async (path) => {
    const answer = await ask(path, '<b>').set('Accept', 'text/html').type('form').expect(400)
    expect(answer.text).toContain('value="&lt;b&gt;"')
    expect(answer.text).toContain('id="email-error"')
  })

  it('are both linked from the sign-in page', async () => {
    const page = await request(server.app).get('/login').set('Accept', 'text/html')
    for (const path of routes) expect(page.text).toContain(`href="${path}"`)
  })
})

describe('LIMIT_MAIL_PER_ADDRESS', () => {
  it('counts requests of both kinds per network address, and answers 429 with Retry-After', async () => {
    const limited = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '4' })
    try {
      const statuses: number[] = []
      for (let attempt = 0; attempt < 6; attempt += 1) {
        const path = routes[attempt % 2] ?? ''
        // oxlint-disable-next-line no-await-in-loop
        const answer = await request(limited.app)
          .post(path)
          .set('X-Forwarded-For', `192.0.2.${attempt}`)
          .send({ email: `a${attempt}@example.com` })
        statuses.push(answer.status)
        if (answer.status === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      }
      expect(statuses).toEqual([202, 202, 202, 202, 429, 429])
    } finally {
      await limited.close()
    }
  })
})
