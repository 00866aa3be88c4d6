import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { ADA, SECRETS, startTestApp } from '../test-app.fixture.ts'
import { signSessionId, type CookieOptions } from './session-cookie.ts'

let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(() => services.close())

/** The name, attributes and lifetime of the session cookie that a sign-in sets. */
async function signInAt(options: CookieOptions & { idleDays?: number }) {
  const app = await startTestApp({ ...services, ...options })
  const answer = await app.send('POST', '/login')
  await app.close()
  const [pair = '', ...attributes] = (answer.headers['set-cookie']?.[0] ?? '').split('; ')
  const expires = attributes.find((attribute) => attribute.startsWith('Expires='))?.slice(8) ?? ''
  return {
    name: pair.split('=')[0],
    attributes: attributes.filter((attribute) => !attribute.startsWith('Expires=')).toSorted(),
    days: Math.round(((Date.parse(expires) - Date.now()) / 86_400_000) * 100) / 100,
  }
}

describe('the session cookie (R29)', () => {
  it('is __Host-session over https', async () => {
    const { name, attributes } = await signInAt({ publicUrl: 'https://shop.example' })
    expect(name).toBe('__Host-session')
    expect(attributes).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure'])
  })

  it('is __Secure-session if sister domains share it', async () => {
    const options = { publicUrl: 'https://shop.example', cookieDomain: 'example' }
    const { name, attributes } = await signInAt(options)
    expect(name).toBe('__Secure-session')
    expect(attributes).toEqual([
      'Domain=example',
      'HttpOnly',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ])
  })

  it('is session over plain http, where browsers reject both prefixes', async () => {
    const { name, attributes } = await signInAt({ publicUrl: 'http://localhost:3000' })
    expect(name).toBe('session')
    expect(attributes).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict'])
  })

  it('depends on NODE_ENV without a publicUrl', async () => {
    const { NODE_ENV } = process.env
    try {
      process.env.NODE_ENV = 'production'
      expect((await signInAt({})).name).toBe('__Host-session')
      process.env.NODE_ENV = 'development'
      expect((await signInAt({})).name).toBe('session')
    } finally {
      process.env.NODE_ENV = NODE_ENV
    }
  })

  it('stays in the browser for 14 days, or for idleDays', async () => {
    expect((await signInAt({ publicUrl: 'http://localhost' })).days).toBe(14)
    expect((await signInAt({ publicUrl: 'http://localhost', idleDays: 3 })).days).toBe(3)
  })

  it('has the kit’s flags even for a session that a stock app created', async () => {
    const app = await startTestApp({ ...services, publicUrl: 'https://shop.example' })
    const cookie = {
      originalMaxAge: 1e9,
      httpOnly: false,
      secure: false,
      path: '/',
      sameSite: 'lax',
    }
    const json = JSON.stringify({ cookie, passport: { user: ADA } })
    await services.redis.set(`${services.prefix}stock`, json)
    const header = `__Host-session=${signSessionId('stock', SECRETS[0] ?? '')}`
    const answer = await app.send('POST', '/fields?seen=yes', { cookie: header })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/HttpOnly; Secure; SameSite=Strict/)
    await app.close()
  })
})

describe('signSessionId', () => {
  it('signs like express-session', async () => {
    const app = await startTestApp({ ...services, publicUrl: 'http://localhost' })
    const cookie = await app.signIn()
    const id = /s%3A([^.]+)\./.exec(cookie)?.[1] ?? ''
    expect(`session=${signSessionId(id, SECRETS[0] ?? '')}`).toBe(cookie)
    await app.close()
  })
})
