import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Types } from 'mongoose'
import { startTestApp } from '../../testing/auth-server.fixture.ts'
import { auditFilterInput } from './audit-filter.ts'
import type { AuditRecord } from './audit-record.model.ts'
import { exportAuditCsv } from './export-audit-csv.ts'
import { listAuditEvents } from './list-audit-events.ts'
import { listSecurityEvents } from '../accounts/settings/list-security-events.ts'
import { removeOldRecords } from './open-audit.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

const day = (date: string) => new Date(`2026-01-${date}T12:00:00Z`)

/** Stores a record, by default of a new user. */
async function add(given: Partial<AuditRecord> = {}): Promise<AuditRecord> {
  const record: AuditRecord = {
    _id: new Types.ObjectId(),
    at: day('10'),
    event: 'signed_in',
    outcome: 'success',
    actorId: null,
    actorName: null,
    subjectId: randomUUID(),
    subjectName: null,
    address: null,
    network: null,
    userAgent: null,
    details: {},
    ...given,
  }
  await server.auditRecords.create(record)
  return record
}

const list = async (filter: Record<string, string>) =>
  (await listAuditEvents(server.auditRecords, auditFilterInput.parse(filter))).events
const idsOf = (events: { id: string }[]) => events.map(({ id }) => id)
const idOf = ({ _id: id }: AuditRecord) => id.toHexString()

describe('listAuditEvents', () => {
  it('finds events by the id or name of the subject and of the actor', async () => {
    const [subjectId, actorId] = [randomUUID(), randomUUID()]
    const names = { subjectName: `s-${subjectId}`, actorName: `a-${actorId}` }
    const found = await add({ subjectId, actorId, ...names })
    await add({ subjectId: actorId, actorId: subjectId })
    for (const subject of [subjectId, names.subjectName])
      expect(idsOf(await list({ subject, actor: actorId }))).toEqual([idOf(found)])
    expect(idsOf(await list({ actor: names.actorName }))).toEqual([idOf(found)])
  })

  it('finds events by kind and by time', async () => {
    const subject = randomUUID()
    const days = ['11', '12', '13']
    for (const date of days) await add({ subjectId: subject, at: day(date), event: 'signed_out' })
    await add({ subjectId: subject, at: day('12') })
    const between = { subject, from: '2026-01-12T12:00:00Z', to: '2026-01-13' }
    const found = await list({ ...between, event: 'signed_out' })
    expect(found.map(({ at, words }) => [at, words])).toEqual([[day('12'), 'Signed out']])
    expect(await list(between)).toHaveLength(2)
  })

  it('finds events by address and by IPv6 network', async () => {
    const network = '2001:db8:5:1::/64'
    const one = await add({ address: '2001:db8:5:1::1', network, at: day('11') })
    const other = await add({ address: '2001:db8:5:1::2', network })
    expect(idsOf(await list({ address: '2001:db8:5:1::1' }))).toEqual([idOf(one)])
    expect(idsOf(await list({ address: network }))).toEqual([idOf(one), idOf(other)])
  })

  it('accepts every notation of an address', async () => {
    const network = '2001:db8:6:1::/64'
    const six = await add({ address: '2001:db8:6:1::1', network })
    const four = await add({ address: '203.0.113.77', network: '203.0.113.77' })
    for (const address of ['2001:DB8:6:1::1', '2001:0db8:0006:0001:0:0:0:1'])
      expect(idsOf(await list({ address }))).toEqual([idOf(six)])
    for (const address of ['2001:db8:6:1:0:0:0:0/64', '2001:DB8:6:1::9/64'])
      expect(idsOf(await list({ address }))).toEqual([idOf(six)])
    for (const address of ['::ffff:203.0.113.77', '::FFFF:cb00:714d'])
      expect(idsOf(await list({ address }))).toEqual([idOf(four)])
  })

  it('has an index for every filter, in the order of the list', async () => {
    const indexes = (await server.auditRecords.listIndexes()).map(({ key }) => Object.keys(key))
    const by = ['event', 'subjectId', 'subjectName', 'actorId', 'actorName', 'address', 'network']
    for (const field of by) expect(indexes).toContainEqual([field, 'at', '_id'])
    expect(indexes).toContainEqual(['at', '_id'])
  })

  it('refuses an invalid filter', () => {
    for (const wrong of [{ event: 'no_such' }, { address: 'here' }, { from: 'yesterday' }])
      expect(auditFilterInput.safeParse(wrong).success).toBe(false)
    expect(auditFilterInput.safeParse({ subject: { $ne: null } }).success).toBe(false)
  })

  it('lists every event once, newest first, even events of the same moment', async () => {
    const subjectId = randomUUID()
    for (const date of ['10', '11', '11', '11', '12', '13', '13'])
      await add({ subjectId, at: day(date) })
    const seen: { id: string; at: Date }[] = []
    let after: string | undefined
    do {
      const filter = { subject: subjectId }
      const page = await listAuditEvents(server.auditRecords, filter, { limit: 2, after })
      expect(page.events.length).toBeLessThanOrEqual(2)
      seen.push(...page.events)
      // New events do not shift the pages.
      await add({ subjectId, at: day('20') })
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(new Set(idsOf(seen)).size).toBe(7)
    const times = seen.map(({ at }) => at.getTime())
    expect(times).toEqual(times.toSorted((one, other) => other - one))
  })

  it('starts at the newest if the mark of a page is invalid', async () => {
    const { subjectId } = await add()
    const filter = { subject: String(subjectId) }
    for (const after of ['x', '1.2', `${'9'.repeat(20)}.${'a'.repeat(24)}`])
      expect((await listAuditEvents(server.auditRecords, filter, { after })).events).toHaveLength(1)
  })
})

describe('listSecurityEvents', () => {
  it('shows users what happened to their account, with device and address', async () => {
    const id = randomUUID()
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
    await add({ subjectId: id, actorId: id, address: '203.0.113.1', userAgent })
    await add({
      subjectId: id,
      outcome: 'failure',
      event: 'sign_in_failed',
      address: '203.0.113.9',
    })
    const { events } = await listSecurityEvents(server.auditRecords, id)
    expect(events).toMatchObject([
      { words: 'Sign-in refused', address: '203.0.113.9', byAdmin: false },
      { words: 'Signed in', device: 'Firefox on Linux', address: '203.0.113.1' },
    ])
  })

  it('shows that an admin did something, but neither who nor from which address', async () => {
    const id = randomUUID()
    const actor = { actorId: randomUUID(), actorName: 'the-admin', address: '203.0.113.1' }
    await add({ subjectId: id, event: 'user_suspended', ...actor })
    const { events } = await listSecurityEvents(server.auditRecords, id)
    expect(events).toMatchObject([{ byAdmin: true, address: null, device: null }])
    expect(JSON.stringify(events)).not.toMatch(/the-admin|203\.0\.113/)
  })

  it('shows no events of others, even if another’s name is the user’s id', async () => {
    const id = randomUUID()
    await add({ subjectName: id })
    await add({ actorId: id })
    expect((await listSecurityEvents(server.auditRecords, id)).events).toEqual([])
  })
})

describe('exportAuditCsv', () => {
  const csvOf = async (filter: Record<string, string>) =>
    text(Readable.from(await exportAuditCsv(server.auditRecords, auditFilterInput.parse(filter))))

  it('writes CSV (RFC 4180), newest first, with the same filters', async () => {
    const subject = randomUUID()
    await add({ subjectId: subject, details: { way: 'sign_in' } })
    await add({ subjectId: subject, at: day('12'), subjectName: 'Ada "the first", L.' })
    const rows = (await csvOf({ subject })).split('\r\n')
    expect(rows).toHaveLength(4)
    expect(rows[0]).toMatch(/^"at","event","outcome","actorId"/)
    expect(rows[1]).toContain('"2026-01-12T12:00:00.000Z","signed_in"')
    expect(rows[1]).toContain('"Ada ""the first"", L."')
    expect(rows[2]).toContain('"{""way"":""sign_in""}"')
  })

  it.each(['=1+1', '+1', '-1', '@A1', '\t=1', '\r=1', ' =1', '＝1'])(
    'disarms %j, which a spreadsheet would run',
    async (hostile) => {
      const subject = randomUUID()
      await add({ subjectId: subject, userAgent: hostile })
      expect(await csvOf({ subject })).toContain(`"'${hostile}"`)
    },
  )

  it('reads a long log as it is consumed, not all at once', async () => {
    const subjectId = randomUUID()
    const base = await add({ subjectId })
    const { _id: _first, ...record } = base
    const batch = () => Array.from({ length: 500 }, () => ({ ...record }))
    for (let inserted = 0; inserted < 2500; inserted += 500)
      await server.auditRecords.insertMany(batch())
    let rows = 0
    for await (const row of await exportAuditCsv(server.auditRecords, { subject: subjectId })) {
      expect(row.split('\r\n')).toHaveLength(2)
      rows += 1
    }
    expect(rows).toBe(2502)
  })
})

describe('AUDIT_DAYS', () => {
  it('is the number of days that records are kept', async () => {
    const now = new Date('2024-06-01T00:00:00Z')
    const subjectId = randomUUID()
    await add({ subjectId, at: new Date('2024-05-21T23:59:59Z') })
    const kept = await add({ subjectId, at: new Date('2024-05-22T00:00:01Z') })
    await removeOldRecords(server.auditRecords, { auditDays: 10, now })
    expect(idsOf(await list({ subject: subjectId }))).toEqual([idOf(kept)])
  })
})
