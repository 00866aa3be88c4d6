import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { findClient } from '../../oauth/clients/find-client.ts'
import { addTestClient, callback, verify } from '../../../testing/token-clients.fixture.ts'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'

let admin: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  admin = await startWithAdmin()
})
afterAll(() => admin.close())

async function page(path: string, status = 200): Promise<string> {
  return (await admin.visit(path).expect(status)).text
}

const asProgram = {
  get: (path: string) => request(admin.app).get(path).set('Cookie', admin.cookie),
  post: (path: string, body: object) =>
    request(admin.app).post(path).set('Cookie', admin.cookie).send(body),
}

function newAudience(): string {
  return `https://api-${randomBytes(4).toString('hex')}.example`
}

/** A resource server: its id, its secret, its audience. */
function addApi() {
  const audience = newAudience()
  return addTestClient(admin, { name: 'Orders', kind: 'resource_server', audience })
}

async function addSite() {
  const { audience } = await addApi()
  const asking = { audiences: [audience], redirectUris: [callback], scopes: ['orders:read'] }
  return addTestClient(admin, { kind: 'site', ...asking })
}

async function stored(id: string) {
  const client = await findClient(admin.clients, id)
  if (!client) throw new Error('no such client')
  return client
}

/** The value of a read-only field of a page. */
function fieldOf(html: string, id: string): string {
  return new RegExp(`<input id="${id}"[^>]* value="([^"]*)"`).exec(html)?.[1] ?? ''
}

function isGood({ id, secret }: { id: string; secret: string }): Promise<boolean> {
  return verify(admin, { id, secret, audience: '' }, 'no token').then(
    () => true,
    () => false,
  )
}

describe('/admin/clients', () => {
  it('lists every client but no secret', async () => {
    const { id, secret, audience } = await addApi()
    const html = await page('/admin/clients')
    expect(html).toContain(`/admin/clients/${id}"`)
    expect(html).toContain(audience)
    const { text } = await asProgram.get('/admin/clients').expect(200)
    expect(JSON.parse(text).clients).toContainEqual(expect.objectContaining({ id }))
    expect(html + text).not.toContain(secret)
  })

  it('adds a client from the form and shows its secret only once', async () => {
    const form = await page('/admin/clients/new')
    const id = /name="id" value="([^"]+)"/.exec(form)?.[1] ?? ''
    const empty = { redirectUris: '', audiences: '', alg: 'RS256' }
    const fields = { id, name: 'Stock', kind: 'resource_server', audience: newAudience(), ...empty }
    const { text } = await admin
      .press('/admin/clients', { ...fields, scopes: 'stock:read\r\nstock:write' })
      .expect(201)
    const secret = fieldOf(text, 'client_secret')
    expect(await isGood({ id, secret })).toBe(true)
    expect(await stored(id)).toMatchObject({
      name: 'Stock',
      scopes: ['stock:read', 'stock:write'],
      keys: [{ alg: 'RS256' }],
    })
    expect(await page(`/admin/clients/${id}`)).not.toContain(secret)
  })

  it('adds one client when the form is sent twice', async () => {
    const audience = newAudience()
    const fields = { id: randomUUID(), name: 'Twice', kind: 'resource_server', audience }
    await admin.press('/admin/clients', fields).expect(201)
    const { headers } = await admin.press('/admin/clients', fields).expect(303)
    expect(headers.location).toBe(`/admin/clients/${fields.id}?notice=client_exists`)
    expect(await admin.clients.countDocuments({ audience })).toBe(1)
  })

  it('shows the form again with what was entered and the problem of every field', async () => {
    const fields = {
      name: 'Shop',
      kind: 'site',
      redirectUris: `${callback}\nhttp://shop.example/cb`,
      audiences: 'not-an-address',
      scopes: 'a"b',
      alg: 'ES256',
    }
    const { text } = await admin.press('/admin/clients', fields).expect(400)
    expect(text).toContain('Entry 2: Use an https address')
    for (const name of ['redirectUris', 'audiences', 'scopes'])
      expect(text).toMatch(new RegExp(`<textarea id="${name}"[^>]* aria-invalid="true"`))
    expect(text).toContain(`${callback}\nhttp://shop.example/cb</textarea>`)
    expect(text).toContain('<option value="ES256" selected>')
  })

  it('accepts lists from a program and answers with the secret', async () => {
    const { audience } = await addApi()
    const site = { name: 'Shop', kind: 'site', redirectUris: [callback], audiences: [audience] }
    const { body } = await asProgram.post('/admin/clients', site).expect(201)
    expect(await stored(body.client_id)).toMatchObject(site)
    expect(body.client_secret).toMatch(/^[\w-]{43}$/)
  })
})

describe('/admin/clients/:id', () => {
  it('shows what the client may do, its secrets and its keys', async () => {
    const { id, audience } = await addSite()
    const html = await page(`/admin/clients/${id}`)
    const [key] = (await stored(id)).keys
    for (const text of [callback, audience, 'orders:read', key?.kid ?? '?', 'Signs', 'Never'])
      expect(html).toContain(text)
  })

  it('is 404 for an unknown client', async () => {
    await page(`/admin/clients/${randomUUID()}`, 404)
    await page('/admin/clients/x/secret', 404)
  })
})

describe('/admin/clients/:id/edit', () => {
  it('changes name, redirect URIs, audiences and scopes', async () => {
    const { id } = await addSite()
    const { audience } = await addApi()
    const path = `/admin/clients/${id}`
    expect(await page(`${path}/edit`)).toContain(`${callback}</textarea>`)
    const other = 'https://shop.example/back'
    const fields = { name: 'Other', redirectUris: other, audiences: audience, scopes: '' }
    const { headers } = await admin.press(`${path}/edit`, fields).expect(303)
    expect(await page(headers.location ?? '')).toContain('The changes are saved.')
    expect(await stored(id)).toMatchObject({
      name: 'Other',
      redirectUris: [other],
      audiences: [audience],
      scopes: [],
    })
  })

  it('refuses an invalid combination, says why and changes nothing', async () => {
    const { id } = await addSite()
    const before = await stored(id)
    const fields = { name: 'Other', redirectUris: '', audiences: 'https://nobody.example' }
    const { text } = await admin.press(`/admin/clients/${id}/edit`, fields).expect(400)
    expect(text).toContain('A client of the kind site needs a redirect URI.')
    expect(await stored(id)).toEqual(before)
  })

  it('changes no kind, key or secret (R42)', async () => {
    const { id } = await addSite()
    const before = await stored(id)
    const more = { kind: 'first_party', secrets: [], keys: [], audience: 'https://mine.example' }
    await asProgram.post(`/admin/clients/${id}/edit`, { name: 'Shop', ...more }).expect(200)
    expect(await stored(id)).toEqual(before)
  })
})

describe('/admin/clients/:id/secret', () => {
  const afterOf = (html: string) => /name="after" value="([^"]*)"/.exec(html)?.[1] ?? ''

  it('gives a new secret and keeps the previous one valid for the chosen overlap', async () => {
    const { id, secret } = await addApi()
    const path = `/admin/clients/${id}/secret`
    const fields = { after: afterOf(await page(path)), overlapHours: '1' }
    const { text } = await admin.press(path, fields).expect(200)
    const another = fieldOf(text, 'client_secret')
    expect(await Promise.all([secret, another].map((one) => isGood({ id, secret: one })))).toEqual([
      true,
      true,
    ])
    const left = Number((await stored(id)).secrets[1]?.expiresAt) - Date.now()
    expect(Math.round(left / 60_000)).toBe(60)
  })

  it('rotates once when the form is sent twice', async () => {
    const { id } = await addApi()
    const path = `/admin/clients/${id}/secret`
    const fields = { after: afterOf(await page(path)), overlapHours: '0' }
    const { text } = await admin.press(path, fields).expect(200)
    const { headers } = await admin.press(path, fields).expect(303)
    expect(headers.location).toBe(`/admin/clients/${id}?notice=client_changed`)
    expect(await isGood({ id, secret: fieldOf(text, 'client_secret') })).toBe(true)
  })

  it.each(['', '-1', '721', '1.5', 'soon'])('refuses an overlap of “%s”', async (overlapHours) => {
    const { id, secret } = await addApi()
    await admin.press(`/admin/clients/${id}/secret`, { overlapHours }).expect(400)
    expect(await isGood({ id, secret })).toBe(true)
  })
})

describe('/admin/clients/:id/key', () => {
  it('publishes one new key that signs later, even if the form is sent twice', async () => {
    const { id } = await addApi()
    const path = `/admin/clients/${id}/key`
    const [{ kid } = { kid: '' }] = (await stored(id)).keys
    expect(await page(path)).toContain(`name="after" value="${kid}"`)
    const { headers } = await admin.press(path, { after: kid, now: 'no' }).expect(303)
    expect(await page(headers.location ?? '')).toContain('signs later')
    await admin.press(path, { after: kid, now: 'no' }).expect(303)
    const { keys } = await stored(id)
    expect(keys).toHaveLength(2)
    expect(Number(keys[1]?.signsFrom)).toBeGreaterThan(Date.now())
  })

  it('replaces a stolen key at once', async () => {
    const { id } = await addApi()
    const [before] = (await stored(id)).keys
    const { headers } = await admin.press(`/admin/clients/${id}/key`, { now: 'yes' }).expect(303)
    expect(headers.location).toContain('notice=key_replaced')
    const { keys } = await stored(id)
    expect(keys).toHaveLength(1)
    expect(keys[0]?.kid).not.toBe(before?.kid)
  })
})

describe('/admin/clients/:id/remove', () => {
  it('asks first (R34), then removes the client with its credentials', async () => {
    const { id, secret } = await addApi()
    const path = `/admin/clients/${id}/remove`
    expect(await page(path)).toContain(`<form class="actions" method="post" action="${path}">`)
    expect(await isGood({ id, secret })).toBe(true)
    const { headers } = await admin.press(path).expect(303)
    expect(await page(headers.location ?? '')).toContain('The client is removed')
    expect(await isGood({ id, secret })).toBe(false)
    await admin.press(path).expect(303)
  })
})

describe('a change to a client', () => {
  it('is in the audit log, without secrets (R60)', async () => {
    const { id } = await addSite()
    const path = `/admin/clients/${id}`
    const edit = { name: 'Other', redirectUris: callback }
    await admin.press(`${path}/edit`, edit).expect(303)
    await admin.press(`${path}/edit`, edit).expect(303)
    const { text } = await admin.press(`${path}/secret`, {}).expect(200)
    await admin.press(`${path}/key`, { now: 'yes' }).expect(303)
    await admin.press(`${path}/remove`).expect(303)
    await admin.press(`${path}/remove`).expect(303)
    const records = await admin.audited({ subjectId: id })
    expect(records).toMatchObject([
      { event: 'client_edited', details: { fields: 'name' }, actorId: admin.admin.id },
      { event: 'client_rotated', details: { what: 'secret' } },
      { event: 'client_rotated', details: { what: 'key, stolen' } },
      { event: 'client_removed', subjectName: 'Other' },
    ])
    expect(JSON.stringify(records)).not.toContain(fieldOf(text, 'client_secret'))
  })
})
