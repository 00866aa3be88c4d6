import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { password } from '../../../testing/auth-server.fixture.ts'
import { inviteTokenIn } from '../../../testing/invites.fixture.ts'
import { allMailsTo } from '../../../testing/mailed-links.fixture.ts'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'

let server: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  server = await startWithAdmin()
})
afterAll(() => server.close())

let last = 0

/** Creates an invitation with the form; `token` is that of the link it shows. */
async function made(form: Record<string, string> = {}) {
  const email = form.email ?? `guest-${(last += 1)}@example.com`
  const { text } = await server
    .press('/admin/invites', { email, expiresInDays: '7', ...form })
    .expect(201)
  const url = /id="link" type="text" value="([^"]*)"/.exec(text)?.[1] ?? ''
  const token = inviteTokenIn(url)
  const newest = server.invites.findOne({ email: email || null }).sort({ createdAt: -1 })
  return { text, token, email, id: String((await newest)?.id) }
}

function isGood(token: string): Promise<boolean> {
  return request(server.app)
    .get(`/invites/${token}`)
    .then(({ status }) => status === 200)
}

/** The row of the list that shows the address. */
async function rowOf(email: string): Promise<string> {
  const { text } = await server.visit('/admin/invites').expect(200)
  return text.split('<tr').find((row) => row.includes(email)) ?? ''
}

describe('POST /admin/invites', () => {
  it('shows the link only once, ready to copy, and e-mails it to the address', async () => {
    const { token, email, text } = await made()
    expect(text).toContain('data-copy')
    expect(await isGood(token)).toBe(true)
    expect(await allMailsTo(server, email, 'invite')).toHaveLength(1)
    expect(await rowOf(email)).not.toContain(token)
  })

  it('creates an invitation for anybody when the address is empty', async () => {
    const { token } = await made({ email: '' })
    expect(await isGood(token)).toBe(true)
    expect(await rowOf('Anyone with the link')).toContain('open')
  })

  it('accepts the number of days until it expires', async () => {
    const { id } = await made({ expiresInDays: '3' })
    const invite = await server.invites.findById(id)
    const days = (Number(invite?.expiresAt) - Number(invite?.createdAt)) / 86_400_000
    expect(days).toBe(3)
  })

  it.each([
    ['email', { email: 'no address', expiresInDays: '7' }],
    ['expiresInDays', { email: '', expiresInDays: '366' }],
    ['expiresInDays', { email: '', expiresInDays: 'soon' }],
  ])('shows the problem of %s in the form', async (field, form) => {
    const { text } = await server.press('/admin/invites', form).expect(400)
    expect(text).toContain(`id="${field}-error"`)
    expect(text).toContain(`value="${form.expiresInDays}"`)
  })

  it('answers a program with the link as JSON', async () => {
    const post = request(server.app).post('/admin/invites').set('Cookie', server.cookie)
    const { body } = await post.send({ expiresInDays: 2 }).expect(201)
    expect(body).toMatchObject({ id: expect.any(String), url: expect.stringContaining('token=') })
  })
})

describe('GET /admin/invites', () => {
  it('shows which are open, used and by whom, expired or revoked', async () => {
    const [open, used, expired, revoked] = await Promise.all([made(), made(), made(), made()])
    const signUp = { invite: used.token, email: used.email, username: 'newcomer', password }
    await request(server.app).post('/signup').send(signUp).expect(202)
    await server.invites.updateOne({ _id: expired.id }, { $set: { expiresAt: new Date() } })
    await server.press(`/admin/invites/${revoked.id}/revoke`).expect(303)

    expect(await rowOf(open.email)).toContain('open')
    expect(await rowOf(used.email)).toMatch(/used by <a href="[^"]*">newcomer</)
    expect(await rowOf(expired.email)).toContain('expired')
    expect(await rowOf(revoked.email)).toContain('revoked')
    expect(await rowOf(revoked.email)).not.toContain('/revoke"')
  })
})

describe('the pages of GET /admin/invites', () => {
  async function addMany(count: number) {
    const createdAt = new Date('2020-01-01T00:00:00Z')
    const expiresAt = new Date('2120-01-01T00:00:00Z')
    const old = Array.from({ length: count }, (_, at) => {
      const id = `old-${String(at).padStart(3, '0')}`
      return { _id: id, tokenHash: id, email: `${id}@example.com`, createdAt, expiresAt }
    })
    await server.invites.insertMany(old)
    return old.map(({ email }) => email)
  }

  it('lead on to the oldest invitation, which can still be revoked', async () => {
    const all = await addMany(120)
    const seen: string[] = []
    let path: string | undefined = '/admin/invites'
    while (path !== undefined) {
      // oxlint-disable-next-line no-await-in-loop
      const { text }: { text: string } = await server.visit(path).expect(200)
      seen.push(...all.filter((email) => text.includes(`>${email}<`)))
      const next: RegExpExecArray | null = /href="([^"]*)" rel="next"/.exec(text)
      path = next?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen.toSorted()).toEqual(all)

    await server.visit('/admin/invites/old-000/revoke').expect(200)
    await server.press('/admin/invites/old-000/revoke').expect(303)
    expect((await server.invites.findById('old-000'))?.revokedAt).not.toBeNull()
  })

  it('begin at the newest if the mark is invalid', async () => {
    const { email } = await made()
    const { text } = await server.visit('/admin/invites?after=nonsense').expect(200)
    expect(text).toContain(email)
  })
})

describe('POST /admin/invites/:id/revoke', () => {
  it('asks first, then disables the link; revoking it again is fine', async () => {
    const { id, token, email } = await made()
    const { text } = await server.visit(`/admin/invites/${id}/revoke`).expect(200)
    expect(text).toContain(`Revoke the invitation for ${email}?`)
    expect(await isGood(token)).toBe(true)
    const { headers } = await server.press(`/admin/invites/${id}/revoke`).expect(303)
    expect((await server.visit(String(headers.location))).text).toContain('no longer works')
    expect(await isGood(token)).toBe(false)
    const again = await server.press(`/admin/invites/${id}/revoke`).expect(303)
    expect((await server.visit(String(again.headers.location))).text).toContain('already revoked')
    const events = await server.audited({ subjectId: id, actorId: server.admin.id })
    expect(events.map(({ event }) => event)).toEqual(['invite_created', 'invite_revoked'])
  })

  it('changes nothing about a used invitation, says so and records nothing', async () => {
    const { id } = await made()
    const { id: user } = await server.addUser()
    await server.users.updateOne({ _id: user }, { $push: { claimed: { invite: id, name: 'x' } } })
    const { headers } = await server.press(`/admin/invites/${id}/revoke`).expect(303)
    expect((await server.visit(String(headers.location))).text).toContain('already used')
    expect((await server.invites.findById(id))?.revokedAt).toBeNull()
    const events = await server.audited({ subjectId: id })
    expect(events.map(({ event }) => event)).toEqual(['invite_created'])
  })

  it('R32 refuses a post from another site', async () => {
    const { id, token } = await made()
    const post = server.press(`/admin/invites/${id}/revoke`)
    await post.set('Origin', 'https://evil.example').expect(403)
    expect(await isGood(token)).toBe(true)
  })

  it('is 404 for an unknown invitation', async () => {
    await server.visit('/admin/invites/x/revoke').expect(404)
    await server.press('/admin/invites/x/revoke').expect(404)
  })
})
