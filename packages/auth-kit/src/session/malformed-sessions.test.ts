import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { ADA, SECRETS, startTestApp } from '../test-app.fixture.ts'
import { signSessionId } from './session-cookie.ts'

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
const warnings = jest.spyOn(process, 'emitWarning')

beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({ ...services, publicUrl: 'http://localhost' })
})
afterAll(async () => {
  await app.close()
  await services.close()
  warnings.mockRestore()
})

const cookie = { originalMaxAge: null, expires: null }
const passport = { user: ADA }

/** Values that other programs or versions may have stored under the key of a session. */
const malformed: [string, unknown][] = [
  ['a number', 7],
  ['a string', 'text'],
  ['true', true],
  ['null', null],
  ['an array', [{ cookie, passport }]],
  ['no cookie', { passport }],
  ['a cookie that is an array', { cookie: [], passport }],
  ['a cookie that is a string', { cookie: 'session=1', passport }],
  ['a maximum age that is a string', { cookie: { maxAge: '5' }, passport }],
  ['an original age that is an object', { cookie: { originalMaxAge: {} }, passport }],
  ['an expiry that is not a date', { cookie: { expires: 'tomorrow' }, passport }],
  ['an expiry that is an object', { cookie: { expires: {} }, passport }],
  ['a passport that is a number', { cookie, passport: 7 }],
  ['a passport that is an array', { cookie, passport: [passport] }],
  ['a user that is an id', { cookie, passport: { user: 'ada-1' } }],
  ['a user that is a number', { cookie, passport: { user: 7 } }],
  ['a user without roles', { cookie, passport: { user: { ...ADA, roles: null } } }],
  ['a user with a numeric id', { cookie, passport: { user: { ...ADA, id: 7 } } }],
  ['5 MB', { cookie, passport, text: 'x'.repeat(5_000_000) }],
]

async function cookieFor(id: string, json: string): Promise<string> {
  await services.redis.set(`${services.prefix}${id}`, json)
  return `session=${signSessionId(id, SECRETS[0] ?? '')}`
}

async function statuses(cookie: string): Promise<number[]> {
  const sent = [
    await app.send('GET', '/me', { cookie }),
    await app.send('GET', '/', { cookie }),
    await app.send('GET', '/session', { cookie }),
    await app.send('POST', '/fields?colour=red', { cookie }),
    await app.send('POST', '/login', { cookie }),
  ]
  return sent.map(({ status }) => status)
}

describe('a malformed session value', () => {
  it.each(malformed)('signs nobody in and fails no request: %s', async (name, value) => {
    const id = name.replaceAll(' ', '-')
    const cookie = await cookieFor(id, JSON.stringify(value))
    expect(await statuses(cookie)).toEqual([401, 200, 200, 200, 200])
  })

  it.each(['', 'no JSON', '{"cookie":', '\0'])('signs nobody in as the text %j', async (text) => {
    expect(await statuses(await cookieFor('text', text))).toEqual([401, 200, 200, 200, 200])
  })

  it('(R62) signs nobody in and ends no process if it is nested 20,000 levels deep', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const json = JSON.stringify({ cookie, passport }).replace('}', `},"deep":${deep}`)
    expect(JSON.parse(json)).toHaveProperty('deep')
    expect(await statuses(await cookieFor('deep', json))).toEqual([401, 200, 200, 200, 200])
  })

  it('signs nobody in as a Redis list, hash or set', async () => {
    const { redis, prefix } = services
    await redis.rpush(`${prefix}list`, 'one')
    await redis.hset(`${prefix}hash`, 'one', '1')
    await redis.sadd(`${prefix}set`, 'one')
    for (const id of ['list', 'hash', 'set']) {
      const cookie = `session=${signSessionId(id, SECRETS[0] ?? '')}`
      expect(await statuses(cookie)).toEqual([401, 200, 200, 200, 200])
    }
  })

  it('causes one warning for each reason, without ids or content', async () => {
    const reasons = warnings.mock.calls.map(([message]) => message)
    expect(reasons).toContain('Ignored a malformed session: its `passport` is not an object.')
    expect(new Set(reasons).size).toBe(reasons.length)
    expect(reasons.join()).not.toContain('ada')

    await app.send('GET', '/me', { cookie: await cookieFor('one-more', '8') })
    expect(warnings.mock.calls).toHaveLength(reasons.length)
  })
})
