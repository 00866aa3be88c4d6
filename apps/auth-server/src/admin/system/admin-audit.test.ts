import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { Types } from 'mongoose'
import { startTcpProxy } from '../../../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import type { ListedEvent } from '../../audit/list-audit-events.ts'
import { cookieOf, password } from '../../../testing/auth-server.fixture.ts'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'
import { auditPage } from './audit.page.ts'

const path = '/admin/audit'

let admin: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  admin = await startWithAdmin({ TRUST_PROXY: '1' })
})
afterAll(() => admin.close())

async function page(query: Record<string, string> = {}, status = 200): Promise<string> {
  await admin.audited()
  return (await admin.visit(`${path}?${new URLSearchParams(query)}`).expect(status)).text
}

function failToSignIn(username: string, from = '203.0.113.1') {
  return request(admin.app)
    .post('/login')
    .set('X-Forwarded-For', from)
    .send({ username, password: 'wrong' })
    .expect(401)
}

async function addEvents(count: number, subjectId: string, { auditRecords } = admin) {
  const events = Array.from({ length: count }, (_, at) => ({
    _id: new Types.ObjectId(),
    at: new Date(Date.UTC(2026, 0, 1, 0, at)),
    event: 'signed_in',
    outcome: 'success' as const,
    actorId: null,
    actorName: null,
    subjectId,
    subjectName: `visitor-${at}-`,
    address: null,
    network: null,
    userAgent: null,
    details: {},
  }))
  await auditRecords.insertMany(events)
}

describe('/admin/audit', () => {
  it('shows what happened, to whom, by whom and from which address', async () => {
    const { username } = await admin.addUser()
    await failToSignIn(username)
    const html = await page({ subject: username })
    for (const text of ['Sign-in refused', username, '203.0.113.1']) expect(html).toContain(text)
  })

  it('finds by event, user, address and day', async () => {
    const { username } = await admin.addUser()
    await failToSignIn(username, '203.0.113.7')
    const today = new Date().toISOString().slice(0, 10)
    const hit = { event: 'sign_in_failed', subject: username, address: '203.0.113.7', from: today }
    const row = `data-label="To whom">${username}<`
    expect(await page(hit)).toContain(row)
    const misses = [
      { event: 'signed_out' },
      { address: '203.0.113.8' },
      { to: today },
      { actor: 'x' },
    ]
    for (const miss of misses) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await page({ ...hit, ...miss })).not.toContain(row)
    }
  })

  it('ignores empty fields', async () => {
    const { username } = await admin.addUser()
    await failToSignIn(username)
    const empty = { event: '', actor: '', address: '', from: '', to: '' }
    expect(await page({ subject: username, ...empty })).toContain('Sign-in refused')
  })

  it('shows the filter again with the problem of every field', async () => {
    const html = await page({ event: 'no_such', address: 'here', from: 'yesterday' }, 400)
    for (const name of ['event', 'address', 'from'])
      expect(html).toMatch(new RegExp(`<(?:input|select) id="${name}"[^>]* aria-invalid="true"`))
    expect(html).toContain('value="here"')
    expect(html).toContain('Give a day such as 2026-11-21.')
  })

  it('leads on to older events with the same filter', async () => {
    await addEvents(51, 'many')
    const first = await page({ subject: 'many' })
    expect(first).toContain('visitor-50-')
    expect(first).not.toContain('visitor-0-')
    const next = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const { text } = await admin.visit(next).expect(200)
    expect(text).toContain('visitor-0-')
    expect(text).not.toContain('visitor-50-')
    expect(text).not.toContain('rel="next"')
  })

  it('(R40) escapes everything recorded and everything asked for', () => {
    const draw = (text: string) => {
      const event: ListedEvent = {
        id: 'id',
        at: new Date('2026-11-21T09:30:00Z'),
        event: text,
        words: text,
        outcome: 'failure',
        actorId: text,
        actorName: text,
        subjectId: text,
        subjectName: text,
        address: text,
        network: text,
        userAgent: text,
        details: { [text]: text },
      }
      // Links hold the filter too, encoded for URLs.
      const html = auditPage(site, {
        events: [event],
        next: null,
        asked: { subject: text, actor: text },
        fields: { event: text, subject: text },
      })
      return html.replaceAll(/href="[^"]*"/g, '')
    }
    // The name of an unknown browser ends at the first slash.
    const cut = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;</small>'
    expect(withoutEscaped(draw(hostile)).replace(cut, 'calm</small>')).toBe(draw('calm'))
  })

  it('is for admins only, and so is its export', async () => {
    const { username } = await admin.addUser()
    const login = await request(admin.app).post('/login').send({ username, password })
    for (const one of [path, `${path}.csv`]) {
      // oxlint-disable-next-line no-await-in-loop
      await request(admin.app).get(one).set('Cookie', cookieOf(login)).expect(403)
      // oxlint-disable-next-line no-await-in-loop
      await request(admin.app).get(one).expect(401)
    }
  })
})

describe('/admin/audit.csv', () => {
  it('is a file to download with the events the filter finds', async () => {
    await addEvents(120, 'exported')
    const { headers, text } = await admin.visit(`${path}.csv?subject=exported&event=`).expect(200)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['content-disposition']).toMatch(/^attachment; filename=audit-[\d-]+\.csv$/)
    expect(text.trimEnd().split('\r\n')).toHaveLength(121)
  })

  it('answers 503 with Retry-After while MongoDB is down, and starts no file', async () => {
    const url = new URL(testMongoUrl())
    const mongo = await startTcpProxy({ url: url.href })
    const cut = await startWithAdmin({ MONGO_URL: `${mongo.url}${url.pathname}` })
    mongo.hold()
    const asked = request(cut.app).get(`${path}.csv`).set('Cookie', cut.cookie)
    const { headers, text } = await asked.expect(503)
    await mongo.heal()
    expect(headers['content-disposition']).toBeUndefined()
    expect([Number(headers['retry-after']) > 0, text.includes('"at"')]).toEqual([true, false])
    await cut.close()
    await mongo.stop()
  }, 30_000)

  it('logs no error when the client cancels the download', async () => {
    const loud = await startWithAdmin({ LOG_LEVEL: 'info' })
    // In portions: inserting all at once would time out.
    // oxlint-disable-next-line no-await-in-loop
    for (let times = 0; times < 10; times += 1) await addEvents(500, 'many', loud)
    const listening = loud.bareApp.listen(0)
    await once(listening, 'listening')
    const address = listening.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const aborted = new AbortController()
    const options = { signal: aborted.signal, headers: { Cookie: loud.cookie } }
    const answer = await fetch(`http://127.0.0.1:${port}${path}.csv`, options)
    const lines = () => loud.log.filter((line) => line.includes('audit.csv'))
    await answer.body?.getReader().read()
    aborted.abort()
    for (let tries = 0; tries < 100 && lines().length === 0; tries += 1) await sleep(20)
    expect(lines()).toEqual([expect.stringContaining('aborted')])
    expect(lines().join('')).not.toMatch(/"err"|"level":"error"|"level":50/)
    listening.close()
    await loud.close()
  }, 30_000)

  it('answers 400 to an invalid filter, and starts no file', async () => {
    const { headers } = await admin.visit(`${path}.csv?event=no_such`).expect(400)
    expect(headers['content-disposition']).toBeUndefined()
  })
})
