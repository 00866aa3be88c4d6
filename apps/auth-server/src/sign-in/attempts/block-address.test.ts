import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { liftBlock } from './lift-block.ts'
import { listBlockedAddresses } from './list-blocked-addresses.ts'
import {
  freshAddress,
  settings,
  type TestServer,
  visitors,
} from '../../../testing/blocked-address.fixture.ts'

let server: TestServer
let visit: ReturnType<typeof visitors>

beforeAll(async () => {
  server = await startTestApp(settings)
  visit = visitors(server)
})
afterAll(() => server.close())

const MINUTE_MS = 60_000

describe('an address with too many failed sign-ins', () => {
  it('is blocked for every account, even with the right password', async () => {
    const { username } = await server.addUser()
    const from = freshAddress()
    await visit.block(from)
    const answer = await visit.signIn(from, { username }).expect(429)
    expect(answer.body.code).toBe('address_suspended')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(14 * 60)
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(15 * 60)
    expect(new Date(answer.body.until).getTime() - Date.now()).toBeLessThanOrEqual(15 * MINUTE_MS)
    await visit.signIn(freshAddress(), { username }).expect(200)
  })

  it('sees on the error page until when it is blocked', async () => {
    const from = freshAddress()
    await visit.block(from)
    const page = await visit.guess(from).set('Accept', 'text/html').expect(429)
    const [found] = await listBlockedAddresses(server.blocks)
    const [date = '', time = ''] = (found?.until.toISOString() ?? '').split('T')
    expect(page.text).toContain(`at ${time.slice(0, 5)} UTC`)
    expect(page.text).toContain(date.slice(0, 4))
  })

  it('gains nothing from a success in between: a leaked list contains some working passwords', async () => {
    const { username } = await server.addUser()
    const from = freshAddress()
    for (let failure = 0; failure < 4; failure += 1) await visit.guess(from).expect(401)
    await visit.signIn(from, { username }).expect(200)
    await visit.guess(from).expect(401)
    await visit.signIn(from, { username }).expect(429)
  })

  it('R10 C18 N11 gets exactly the limit of 200 simultaneous guesses', async () => {
    const from = freshAddress()
    const answers = await Promise.all(Array.from({ length: 200 }, () => visit.guess(from)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(195)
  })

  it('C17 N11 is a whole IPv6 /64: its 1,000 addresses share the limit, a neighbour does not', async () => {
    const statuses: number[] = []
    for (let batch = 0; batch < 10; batch += 1) {
      const addresses = Array.from({ length: 100 }, (_, at) => `2001:db8:7:1::${batch}:${at}`)
      const answers = await Promise.all(addresses.map((from) => visit.guess(from)))
      statuses.push(...answers.map(({ status }) => status))
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(995)
    await visit.guess('2001:db8:7:2::1').expect(401)
  })

  it('C17 is the same address when mapped to IPv6, and its mapped neighbours are not', async () => {
    const from = freshAddress()
    await visit.block(`::ffff:${from}`)
    await visit.guess(from).expect(429)
    await visit.guess(`::ffff:${freshAddress()}`).expect(401)
  })

  it('C17 R44 is the one that the proxy wrote, not one that the client claims', async () => {
    const from = freshAddress()
    for (let failure = 0; failure < 5; failure += 1)
      await visit.guess(`${freshAddress()}, ${from}`).expect(401)
    await visit.guess(`${freshAddress()}, ${from}`).expect(429)
    await visit.guess(`${from}, ${freshAddress()}`).expect(401)
  })

  it('is blocked twice as long each further time, up to a day', async () => {
    const from = freshAddress()
    const lengths: number[] = []
    for (let time = 0; time < 9; time += 1) {
      await visit.block(from)
      const found = await server.blocks.findById(from).lean()
      lengths.push(((found?.until.getTime() ?? 0) - (found?.since.getTime() ?? 0)) / MINUTE_MS)
      await visit.guess(from).expect(429)
      await visit.endedAgo(from)
    }
    expect(lengths).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440])
  })

  it('starts over after a day without a block', async () => {
    const from = freshAddress()
    await visit.block(from)
    await visit.endedAgo(from, 24 * 60 * MINUTE_MS + 1000)
    await visit.block(from)
    expect((await server.blocks.findById(from).lean())?.times).toBe(1)
  })

  it('may try again when the block is over', async () => {
    const { username } = await server.addUser()
    const from = freshAddress()
    await visit.block(from)
    await visit.endedAgo(from)
    await visit.signIn(from, { username }).expect(200)
  })

  it('stays blocked when Redis has lost everything (F6)', async () => {
    const from = freshAddress()
    await visit.block(from)
    for await (const keys of scan(`${server.keyPrefix}*`)) await server.redis.del(...keys)
    await visit.guess(from).expect(429)
    await visit.guess(freshAddress()).expect(401)
  })

  it('is blocked on every auth server', async () => {
    const other = await startTestApp(settings, { beside: server })
    const from = freshAddress()
    for (let failure = 0; failure < 3; failure += 1) await visit.guess(from).expect(401)
    for (let failure = 0; failure < 2; failure += 1) await visitors(other).guess(from).expect(401)
    await visit.guess(from).expect(429)
    await visitors(other).guess(from).expect(429)
    await other.close()
  })

  it('is not blocked for right passwords', async () => {
    const { username } = await server.addUser()
    const from = freshAddress()
    for (let time = 0; time < 8; time += 1) await visit.signIn(from, { username }).expect(200)
    const unconfirmed = await server.addUser({ verifiedAt: null })
    for (let time = 0; time < 6; time += 1)
      await visit.signIn(from, { username: unconfirmed.username }).expect(403)
  })
})

describe('every route that takes a password', () => {
  const form = { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' }
  it.each([
    ['POST', '/login', { username: 'nobody', password: 'wrong' }, {}],
    ['POST', '/login', 'username=nobody&password=wrong', form],
    ['POST', '/reauthenticate', { password: 'wrong' }, {}],
    ['POST', '/reauthenticate', 'password=wrong', form],
    ['POST', '/change_password', { password: 'wrong', newPassword: 'eight quiet rivers meet' }, {}],
    ['POST', '/change_email', { password: 'wrong', newEmail: 'new@example.com' }, {}],
    ['DELETE', '/account', { password: 'wrong' }, {}],
    ['POST', '/account/delete', { password: 'wrong' }, {}],
  ] as const)(
    'R12 %s %s %j counts for the address and is refused once it is blocked',
    async (...way) => {
      const [method, path, body, headers] = way
      const { username } = await server.addUser()
      const cookie = cookieOf(await visit.signIn(freshAddress(), { username }).expect(200))
      const from = freshAddress()
      const send = (given: object | string) =>
        (method === 'DELETE' ? request(server.app).delete(path) : request(server.app).post(path))
          .set({ 'X-Forwarded-For': from, Cookie: cookie, ...headers })
          .send(given)
      for (let failure = 0; failure < 5; failure += 1) await send(body).expect(401)
      await visit.guess(from).expect(429)
      const right =
        typeof body === 'string' ? body.replace('wrong', password) : { ...body, password }
      await send(right).expect(429)
    },
  )
})

describe('liftBlock', () => {
  it('lets an address sign in again at once and resets how often it was blocked', async () => {
    const { username } = await server.addUser()
    const from = freshAddress()
    await visit.block(from)
    await visit.guess(from).expect(429)
    expect(await liftBlock(server, { address: from, from: null })).toBe(from)
    await visit.signIn(from, { username }).expect(200)
    await visit.block(from)
    expect((await server.blocks.findById(from).lean())?.times).toBe(1)
  })

  it('accepts any address of a /64 and returns null if there is nothing to lift', async () => {
    await visit.block('2001:db8:8:1::1')
    expect(await liftBlock(server, { address: ' 2001:db8:8:1::ffff ', from: null })).toBe(
      '2001:db8:8:1::/64',
    )
    await visit.guess('2001:db8:8:1::1').expect(401)
    expect(await liftBlock(server, { address: '2001:db8:8:1::1', from: null })).toBeNull()
    expect(await liftBlock(server, { address: 'no address', from: null })).toBeNull()
  })
})

describe('listBlockedAddresses', () => {
  it('lists start, end, failures and the number of blocks in a row', async () => {
    const from = freshAddress()
    await visit.block(from)
    const [newest] = await listBlockedAddresses(server.blocks)
    expect(newest).toEqual({
      address: from,
      since: expect.any(Date),
      until: expect.any(Date),
      failures: 5,
      times: 1,
    })
    await visit.endedAgo(from)
    const left = await listBlockedAddresses(server.blocks)
    expect(left.map(({ address }) => address)).not.toContain(from)
  })
})

async function* scan(match: string): AsyncGenerator<string[]> {
  if (!('scanStream' in server.redis)) throw new Error('this Redis is a Cluster')
  for await (const keys of server.redis.scanStream({ match })) if (keys.length > 0) yield keys
}
