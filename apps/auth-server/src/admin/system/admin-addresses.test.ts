import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { hostile, site, withoutEscaped } from '../../../testing/pages.fixture.ts'
import { freshAddress, settings, visitors } from '../../../testing/blocked-address.fixture.ts'
import { addressesPage } from './addresses.page.ts'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'

const path = '/admin/addresses'

let admin: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  admin = await startWithAdmin(settings)
})
afterAll(() => admin.close())

async function page(): Promise<string> {
  return (await admin.visit(path).expect(200)).text
}

describe('/admin/addresses', () => {
  it('lists the blocked addresses, until when and how often', async () => {
    const address = freshAddress()
    await visitors(admin).block(address)
    await visitors(admin).endedAgo(address)
    await visitors(admin).block(address)
    const { body } = await request(admin.app).get(path).set('Cookie', admin.cookie).expect(200)
    const found = body.addresses.find((one: { address: string }) => one.address === address)
    expect(found).toMatchObject({ times: 2, failures: 5 })
    const html = await page()
    expect(html).toContain(`>${address}</a>`)
    expect(html).toContain(`<time datetime="${found.until}">`)
  })

  it('(R40) escapes every value it is given', () => {
    const at = new Date('2026-11-21T09:30:00Z')
    const draw = (text: string) => {
      const block = { address: 'address', since: at, until: at, failures: 20, times: 1 }
      return addressesPage(site, { addresses: [block], notice: text })
    }
    expect(withoutEscaped(draw(hostile))).toBe(draw('calm'))
  })
})

describe('/admin/addresses/lift', () => {
  it('lets people sign in from the address at once and records it in the audit log', async () => {
    const address = freshAddress()
    const { username } = await admin.addUser()
    await visitors(admin).block(address)
    await visitors(admin).signIn(address, { username }).expect(429)
    const { headers } = await admin.press(`${path}/lift`, { address }).expect(303)
    expect(headers.location).toBe(`${path}?notice=address_lifted`)
    await visitors(admin).signIn(address, { username }).expect(200)
    expect(await page()).not.toContain(address)
    const record = { event: 'suspension_lifted', actorId: admin.admin.id }
    expect(await admin.audited({ subjectId: address, event: record.event })).toMatchObject([record])
  })

  it('lifts a whole IPv6 network', async () => {
    await visitors(admin).block('2001:db8:7:7::1')
    const shown = 'name="address" value="2001:db8:7:7::/64"'
    expect(await page()).toContain(shown)
    await admin.press(`${path}/lift`, { address: '2001:db8:7:7::/64' }).expect(303)
    expect(await page()).not.toContain(shown)
  })

  it('changes nothing about an address that is not blocked, and says so', async () => {
    const { headers } = await admin.press(`${path}/lift`, { address: freshAddress() }).expect(303)
    expect(headers.location).toBe(`${path}?notice=address_free`)
    await admin.press(`${path}/lift`).expect(400)
  })
})
