import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { startTestApp } from '../test-app.fixture.ts'

const FORM = { accept: 'text/html', 'sec-fetch-site': 'same-origin' }

let services: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  services = await testRedis()
})
afterAll(() => services.close())

async function guarded(authUrl: string) {
  const app = await startTestApp({
    ...services,
    authUrl,
    publicUrl: 'https://shop.example',
    routes: (express, auth) => express.post('/orders', auth.loggedIn()),
  })
  return {
    ...app,
    async close() {
      app.auth.close()
      await app.close()
    },
  }
}

describe('a form of an app, sent when nobody is signed in any more', () => {
  it('leads to another origin by a page: form-action would stop a redirect', async () => {
    const app = await guarded('https://id.example/')
    const posted = await app.send('POST', '/orders', FORM)
    expect(posted).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Session' } })
    expect(posted.text).toContain('content="0;url=https://id.example/login"')
    const afterIt = await app.send('GET', '/me', FORM)
    const returnTo = encodeURIComponent('https://shop.example/me')
    expect(afterIt.text).toContain(`content="0;url=https://id.example/login?returnTo=${returnTo}"`)
    await app.close()
  })

  it('leads to its own origin by a redirect', async () => {
    const app = await guarded('/auth/')
    const { status, headers } = await app.send('POST', '/orders', FORM)
    expect([status, headers.location]).toEqual([303, '/auth/login'])
    await app.close()
  })
})

describe('a link', () => {
  it.each(['none', 'same-site'])('leads to another origin by a redirect: %s', async (site) => {
    const app = await guarded('https://id.example/')
    const { status } = await app.send('GET', '/me', { ...FORM, 'sec-fetch-site': site })
    expect(status).toBe(303)
    await app.close()
  })
})
