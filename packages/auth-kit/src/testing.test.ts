import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openRedis } from './session.ts'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { makeHot, SECRETS, startTestApp } from './test-app.fixture.ts'
import { signInForTest, withRedisAway } from './testing.ts'

let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(() => services.close())

/** The options that the app and the test share. */
const options = () => ({ redis: services.redis, prefix: services.prefix, secrets: SECRETS })

describe('signInForTest', () => {
  it.each([
    [{}],
    [{ publicUrl: 'http://localhost:3001' }],
    [{ publicUrl: 'https://shop.example' }],
    [{ publicUrl: 'https://shop.example', cookieDomain: 'shop.example' }],
  ])('signs a user in to an app with %j', async (address) => {
    const app = await startTestApp({ ...options(), ...address })
    const { cookie, user } = await signInForTest({ ...options(), ...address })
    const answer = await app.send('GET', '/me', { cookie })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual({ user })
    await app.close()
  })

  it('uses the given fields of the user and generates the rest', async () => {
    const { user } = await signInForTest({ ...options(), user: { roles: ['admin'] } })
    expect(user).toEqual({
      id: expect.any(String),
      username: expect.any(String),
      email: expect.stringContaining('@example.com'),
      roles: ['admin'],
      verifiedAt: expect.any(String),
    })
    expect((await signInForTest(options())).user.id).not.toBe(user.id)
  })

  it('returns signOut, which ends the session everywhere', async () => {
    const app = await startTestApp({ ...options(), publicUrl: 'http://localhost' })
    const { cookie, signOut } = await signInForTest({ ...options(), publicUrl: 'http://localhost' })
    await signOut()
    expect((await app.send('GET', '/me', { cookie })).status).toBe(401)
    await app.close()
  })

  it('throws without a secret, or if a field has the wrong type', async () => {
    await expect(signInForTest({ ...options(), secrets: [] })).rejects.toThrow(TypeError)
    const user = JSON.parse('{ "roles": "admin" }')
    await expect(signInForTest({ ...options(), user })).rejects.toThrow(TypeError)
  })
})

describe('withRedisAway', () => {
  it('makes guarded routes answer 503, even with a cached session, and then lets them work', async () => {
    const redis = openRedis(services.url, () => undefined)
    const app = await startTestApp({ ...options(), redis, publicUrl: 'http://localhost' })
    const { cookie } = await signInForTest({ ...options(), publicUrl: 'http://localhost' })
    await makeHot(app, cookie)
    const ask = async () => (await app.send('GET', '/me', { cookie })).status

    expect(await ask()).toBe(200)
    expect(await withRedisAway(redis, ask)).toBe(503)
    expect(await ask()).toBe(200)
    await app.close()
    redis.disconnect()
  })

  it('brings Redis back if the work fails', async () => {
    const redis = openRedis(services.url, () => undefined)
    const failing = withRedisAway(redis, () => {
      throw new Error('a failed test')
    })
    await expect(failing).rejects.toThrow('a failed test')
    expect(await redis.ping()).toBe('PONG')
    redis.disconnect()
  })
})
