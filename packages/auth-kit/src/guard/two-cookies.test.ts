import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { sessionIdOf, startTestApp } from '../test-app.fixture.ts'

const BROWSER = { accept: 'text/html', host: 'www.shop.example' }

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({ ...services, publicUrl: 'http://www.shop.example' })
})
afterAll(async () => {
  app.auth.close()
  await app.close()
  await services.close()
})

describe('a browser that sends two validly signed session cookies', () => {
  it('gets an explanation instead of an endless loop of sign-ins', async () => {
    const cookies = [await app.signIn(), await app.signIn()]
    const cookie = cookies.join('; ')
    const answer = await app.send('GET', '/me', { ...BROWSER, cookie })
    const headers = { 'cache-control': 'no-store', 'www-authenticate': 'Session' }
    expect(answer).toMatchObject({ status: 401, headers })
    expect(answer.text).toContain('two different session cookies named session')
    expect(answer.text).toContain('<a href="/login">Sign in</a>')
    expect(answer.text).not.toContain('http-equiv="refresh"')
  })

  it('loses both cookies, on this host and its parent domains, and both sessions', async () => {
    const cookies = [await app.signIn(), await app.signIn()]
    const { headers } = await app.send('GET', '/me', { ...BROWSER, cookie: cookies.join('; ') })
    const removed = (headers['set-cookie'] ?? []).map((line) => {
      expect(line).toMatch(/^session=; .*Expires=Thu, 01 Jan 1970/)
      return /Domain=([^;]*)/.exec(line)?.[1] ?? ''
    })
    expect(removed).toEqual(['', 'www.shop.example', 'shop.example'])
    for (const one of cookies) {
      expect(await services.redis.exists(`${services.prefix}${sessionIdOf(one)}`)).toBe(0)
    }
  })

  it('loses cookies with a prefix by the attributes that browsers demand of them', async () => {
    const publicUrl = 'https://127.0.0.1:3000'
    const site = await startTestApp({ ...services, publicUrl })
    const cookie = [await site.signIn(), await site.signIn()].join('; ')
    const host = '127.0.0.1:3000'
    const { headers } = await site.send('GET', '/me', { ...BROWSER, host, cookie })
    site.auth.close()
    await site.close()
    // An IP address has no parent domain.
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-session=; .*; Secure/)])
    expect(headers['set-cookie']?.[0]).not.toContain('Domain')
  })

  it('gets 401 as a program, and still sees public pages as a visitor', async () => {
    const cookie = [await app.signIn(), await app.signIn()].join('; ')
    expect((await app.send('GET', '/me', { cookie })).status).toBe(401)
    expect((await app.send('GET', '/', { ...BROWSER, cookie })).text).toBe('{"user":null}')
  })
})
