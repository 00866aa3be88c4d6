import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { cookieOf, pause, sessionIdOf, startTestApp } from '../test-app.fixture.ts'

const DAY_MS = 86_400_000

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({
    ...services,
    publicUrl: 'http://localhost',
    routes(app) {
      app.post('/age/:ms', (req, res) => {
        req.session.cookie.maxAge = Number(req.params.ms)
        res.json({})
      })
    },
  })
})
afterAll(async () => {
  app.auth.close()
  await app.close()
  await services.close()
})

const livesForMs = (cookie: string) =>
  services.redis.pttl(`${services.prefix}${sessionIdOf(cookie)}`)

describe('req.session.cookie.maxAge', () => {
  it('ends the session on the server, too, if it is shorter than the idle limit (R24)', async () => {
    const cookie = await app.signIn()
    const answer = await app.send('POST', '/age/1500', { cookie })
    expect(cookieOf(answer)).toBe(cookie)
    expect(await livesForMs(cookie)).toBeLessThanOrEqual(1500)
    expect((await app.send('GET', '/me', { cookie })).status).toBe(200)
    await pause(1700)
    expect((await app.send('GET', '/me', { cookie })).status).toBe(401)
  })

  it('counts from the last use', async () => {
    const cookie = await app.signIn()
    await app.send('POST', '/age/3000', { cookie })
    await pause(1000)
    expect((await app.send('GET', '/me', { cookie })).status).toBe(200)
    expect(await livesForMs(cookie)).toBeGreaterThan(2000)
  })

  it('does not extend a session beyond the idle limit (R24)', async () => {
    const cookie = await app.signIn()
    await app.send('POST', `/age/${30 * DAY_MS}`, { cookie })
    expect(await livesForMs(cookie)).toBeLessThanOrEqual(14 * DAY_MS)
  })

  it('ends the session at once if it is 0', async () => {
    const cookie = await app.signIn()
    expect((await app.send('POST', '/age/0', { cookie })).status).toBe(200)
    await pause(20)
    expect((await app.send('GET', '/me', { cookie })).status).toBe(401)
  })
})
