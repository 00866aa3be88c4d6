import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { openDeadMails } from '../../../testing/dead-mails.fixture.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'
import { mailsPage } from './mails.page.ts'

const deadMails = openDeadMails('a secret for mails in tests of admin pages')
const path = '/admin/mails'

let admin: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  admin = await startWithAdmin(deadMails.env)
  await admin.mailQueues?.connection.onConnect()
})
afterEach(async () => {
  await deadMails.empty()
  await admin.users.updateMany({}, { $set: { outbox: [] } })
})
afterAll(async () => {
  await admin.close()
  await deadMails.close()
})

async function page(): Promise<string> {
  return (await admin.visit(path).expect(200)).text
}

/** Puts a dead e-mail into the outbox of a user and resolves to its id. */
async function giveUp(): Promise<string> {
  const { username, email } = await admin.addUser()
  const failed = { dueAt: null, attempts: 5, failedAt: new Date(), reason: 'mailbox is full' }
  const entry = { ...mailEntry({ kind: 'password_changed', to: email }), ...failed }
  await admin.users.updateOne({ username }, { $set: { outbox: [entry] } })
  return entry.id
}

describe('/admin/mails', () => {
  it('shows kind, address and reason of every dead e-mail, never a link', async () => {
    const id = await deadMails.park()
    const other = await giveUp()
    const html = await page()
    for (const text of ['reset', 'ada@mail.test', 'no such mailbox', 'mailbox is full'])
      expect(html).toContain(text)
    const { body, text } = await request(admin.app).get(path).set('Cookie', admin.cookie)
    expect(body.mails).toMatchObject([
      { id, place: 'queue' },
      { id: other, place: 'outbox' },
    ])
    expect(html + text).not.toContain('token=')
  })

  it('(R40) escapes everything an e-mail holds', () => {
    const mail = { id: 'id', tries: 5, failedAt: null, place: 'queue' as const }
    const draw = (text: string) =>
      mailsPage(site, {
        mails: [{ ...mail, kind: text, to: text, reason: text }],
        total: 1,
        notice: text,
        error: text,
      })
    expect(withoutEscaped(draw(hostile))).toBe(draw('calm'))
  })

  it('says that RabbitMQ is down and still shows the outboxes', async () => {
    const env = { AMQP_URL: 'amqp://127.0.0.1:1' }
    const { app, cookie, ...other } = await startWithAdmin(env)
    const asBrowser = { Cookie: cookie, Accept: 'text/html' }
    for (const asked of [request(app).get(path), request(app).post(`${path}/replay`)]) {
      // oxlint-disable-next-line no-await-in-loop
      const { text } = await asked.set(asBrowser).expect(503)
      expect(text).toContain('RabbitMQ does not answer')
    }
    const { body } = await request(app).get(path).set('Cookie', cookie).expect(503)
    expect(body.code).toBe('amqp_away')
    await other.close()
  })
})

describe('/admin/mails with hundreds of dead e-mails', () => {
  it('shows the 200 oldest and says how many there are', async () => {
    const parked = Array.from({ length: 203 }, () => deadMails.park())
    await Promise.all(parked)
    const html = await page()
    expect(html).toContain('203 e-mails; 3 not shown')
    expect(html.match(/>Try again</g)).toHaveLength(200)
    const { body } = await request(admin.app).get(path).set('Cookie', admin.cookie)
    expect([body.mails.length, body.total]).toEqual([200, 203])
  })

  it('shows the 200 oldest of the outboxes', async () => {
    const { id } = await admin.addUser()
    const entries = await Promise.all(
      Array.from({ length: 202 }, async (_, at) => {
        const failed = { dueAt: null, attempts: 5, failedAt: new Date(at), reason: `number ${at};` }
        return { ...mailEntry({ kind: 'password_changed', to: 'a@mail.test' }), ...failed }
      }),
    )
    await admin.users.updateOne({ _id: id }, { $set: { outbox: entries } })
    const html = await page()
    expect(html).toContain('202 e-mails; 2 not shown')
    expect([html.includes('number 199;'), html.includes('number 200;')]).toEqual([true, false])
  })
})

describe('dead e-mails that somebody else is reading', () => {
  it('are answered with 409 and Retry-After, not reported as gone', async () => {
    const id = await deadMails.park()
    const release = await deadMails.hold()
    for (const way of [`${path}/${id}/replay`, `${path}/replay`, `${path}/${id}/drop`]) {
      // oxlint-disable-next-line no-await-in-loop
      const { text, headers } = await admin.press(way).expect(409)
      expect(text).toContain('Someone else is reading the dead e-mails')
      expect(headers['retry-after']).toBeDefined()
    }
    await release()
    const { headers } = await admin.press(`${path}/${id}/replay`).expect(303)
    expect(headers.location).toBe(`${path}?notice=mail_replayed`)
  }, 20_000)

  it('are waited for briefly', async () => {
    const id = await deadMails.park()
    const release = await deadMails.hold()
    setTimeout(() => void release(), 500)
    const { headers } = await admin.press(`${path}/${id}/drop`).expect(303)
    expect(headers.location).toBe(`${path}?notice=mail_dropped`)
  })

  it('are handled in turn within one server', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => deadMails.park()))
    const answers = await Promise.all(ids.map((id) => admin.press(`${path}/${id}/drop`)))
    const places = answers.map(({ headers }) => headers.location)
    expect(new Set(places)).toEqual(new Set([`${path}?notice=mail_dropped`]))
  })
})

describe('/admin/mails/replay', () => {
  it('queues every dead e-mail again', async () => {
    await deadMails.park()
    await giveUp()
    const { headers } = await admin.press(`${path}/replay`).expect(303)
    expect(headers.location).toBe(`${path}?notice=mails_replayed`)
    expect(await deadMails.waiting(deadMails.names.mail)).toBe(1)
    expect(await page()).toContain('no e-mail has failed for good')
  })

  it('queues one e-mail again, once', async () => {
    const [id, other] = [await deadMails.park(), await deadMails.park()]
    await admin.press(`${path}/${id}/replay`).expect(303)
    const record = { event: 'mail_replayed', details: { mail: id }, actorId: admin.admin.id }
    const { headers } = await admin.press(`${path}/${id}/replay`).expect(303)
    expect(headers.location).toBe(`${path}?notice=mail_gone`)
    expect(await deadMails.waiting(deadMails.names.mail)).toBe(1)
    expect(await page()).toContain(`${path}/${other}/replay`)
    const records = await admin.audited({ event: 'mail_replayed' })
    expect(records.filter(({ details }) => details.mail === id)).toMatchObject([record])
  })
})

describe('/admin/mails/drop', () => {
  it('asks first (R34), then deletes the e-mail', async () => {
    const ids = [await deadMails.park(), await giveUp()]
    for (const id of ids) {
      // oxlint-disable-next-line no-await-in-loop
      const { text } = await admin.visit(`${path}/${id}/drop`).expect(200)
      expect(text).toContain(`action="${path}/${id}/drop"`)
    }
    for (const id of ids) {
      expect(await page()).toContain(id)
      // oxlint-disable-next-line no-await-in-loop
      await admin.press(`${path}/${id}/drop`).expect(303)
    }
    expect(await page()).toContain('no e-mail has failed for good')
    expect(await deadMails.waiting(deadMails.names.mail)).toBe(0)
  })

  it('deletes all of them', async () => {
    await deadMails.park()
    await giveUp()
    await admin.visit(`${path}/drop`).expect(200)
    await admin.press(`${path}/drop`).expect(303)
    expect(await page()).toContain('no e-mail has failed for good')
  })
})
