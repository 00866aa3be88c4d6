import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { deserializeUser, serializeUser } from './passport.ts'
import { signSessionId } from './session/session-cookie.ts'
import { ADA, SECRETS, sessionIdOf, startTestApp } from './test-app.fixture.ts'

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  services = await testRedis()
  const document = { ...ADA, passwordHash: '$2b$12$secret', loginFailures: 3, _id: ADA.id }
  app = await startTestApp({
    ...services,
    publicUrl: 'http://localhost',
    routes: (app) =>
      app.post('/login-document', (req, res, next) =>
        req.logIn(document, (error) => (error ? next(error) : res.json(req.session))),
      ),
  })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

const malformed: [string, unknown][] = [
  ['only an id', 'ada-1'],
  ['a number', 7],
  ['an array', [ADA]],
  ['an empty object', {}],
  ['no roles', { ...ADA, roles: undefined }],
  ['a role that is not a string', { ...ADA, roles: ['admin', { $ne: null }] }],
  ['roles as a string', { ...ADA, roles: 'admin' }],
  ['an id that is an object', { ...ADA, id: { $ne: null } }],
  ['a numeric id', { ...ADA, id: 1 }],
  ['a boolean verifiedAt', { ...ADA, verifiedAt: true }],
  ['inherited fields', Object.create(ADA)],
]

describe('serializeUser', () => {
  it('stores exactly the public fields, in the session and in Redis (R42)', async () => {
    const answer = await app.send('POST', '/login-document')
    expect(JSON.parse(answer.text).passport).toEqual({ user: ADA })
    const id = sessionIdOf(answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '')
    const stored = (await services.redis.get(`${services.prefix}${id}`)) ?? ''
    expect(JSON.parse(stored).passport).toEqual({ user: ADA })
    expect(stored).not.toMatch(/secret|loginFailures/)
  })

  it.each(malformed)('refuses %s', (_, value) => {
    serializeUser(value, (error, user) => {
      expect(error).toBeInstanceOf(TypeError)
      expect(user).toBeUndefined()
    })
    expect.assertions(2)
  })
})

describe('deserializeUser', () => {
  it('gives only the public fields of the stored user', () => {
    deserializeUser({ ...ADA, isAdmin: true }, (error, user) => {
      expect(error).toBeNull()
      expect(user).toEqual(ADA)
    })
    expect.assertions(2)
  })

  it.each(malformed)('gives no user for %s', (_, value) => {
    deserializeUser(value, (error, user) => {
      expect(error).toBeNull()
      expect(user).toBe(false)
    })
    expect.assertions(2)
  })

  it('signs nobody in with a malformed user, and fails no request', async () => {
    for (const [at, [, user]] of malformed.entries()) {
      const session = { cookie: { originalMaxAge: null }, passport: { user } }
      await services.redis.set(`${services.prefix}malformed-${at}`, JSON.stringify(session))
      const cookie = `session=${signSessionId(`malformed-${at}`, SECRETS[0] ?? '')}`
      expect((await app.send('GET', '/me', { cookie })).status).toBe(401)
      expect((await app.send('GET', '/', { cookie })).text).toBe('{"user":null}')
    }
  })
})
