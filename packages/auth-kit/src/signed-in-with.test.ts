import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { type Level, signedInWith } from './logged-in.ts'
import { SECRETS, startTestApp } from './test-app.fixture.ts'
import { signInForTest } from './testing.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({
    ...services,
    publicUrl: 'http://shop.example',
    routes: (app, auth) => {
      app.get('/keys', auth.signedInWith('aal2', { within: 15 }), (_req, res) => {
        res.json({ ok: true })
      })
    },
  })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

/** A user who signed in at that level, `minutesAgo`. */
async function signedIn({ acr, minutesAgo = 0 }: { acr?: Level; minutesAgo?: number }) {
  const { redis, prefix } = services
  const { cookie } = await signInForTest({ redis, prefix, secrets: SECRETS, ...(acr && { acr }) })
  const id = /s%3A([^.]+)\./.exec(cookie)?.[1] ?? ''
  const session = JSON.parse((await redis.get(`${prefix}${id}`)) ?? '')
  session.authKit.signIn.at -= minutesAgo * 60_000
  await redis.set(`${prefix}${id}`, JSON.stringify(session), 'KEEPTTL')
  return { cookie }
}

describe('signedInWith(level, { within })', () => {
  it('R74 lets a user pass who recently signed in with two factors', async () => {
    const strong = await signedIn({ acr: 'aal2', minutesAgo: 14 })
    expect((await app.send('GET', '/keys', strong)).status).toBe(200)
  })

  it.each([{ acr: 'aal1' as const }, {}, { acr: 'aal2' as const, minutesAgo: 16 }])(
    'R74 asks a user with %j for two factors, with returnTo',
    async (given) => {
      const user = await signedIn(given)
      const answer = await app.send('GET', '/keys', user)
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.text)).toMatchObject({
        code: 'reauthentication_required',
        acr: 'aal2',
      })
      const { headers } = await app.send('GET', '/keys', { ...user, ...BROWSER })
      expect(headers.location).toBe('/reauthenticate?acr=aal2&returnTo=%2Fkeys')
    },
  )

  it('sends a visitor to the sign-in page', async () => {
    const { headers } = await app.send('GET', '/keys', BROWSER)
    expect(headers.location).toBe('/login?returnTo=%2Fkeys')
  })

  it('throws for 0 minutes', () => {
    expect(() => signedInWith('aal2', { within: 0 })).toThrow(TypeError)
  })
})
