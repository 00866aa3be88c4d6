import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { startTestApp } from '../test-app.fixture.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const FROM_ELSEWHERE = {
  ...BROWSER,
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({
    ...services,
    publicUrl: 'http://shop.example',
    routes: (app, auth) => {
      app.post('/payout', auth.loggedIn(), (_req, res) => void res.json({ ok: true }))
    },
  })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

describe('publicUrl with a path that a proxy strips', () => {
  let shop: Awaited<ReturnType<typeof startTestApp>>
  beforeAll(async () => {
    shop = await startTestApp({
      ...services,
      publicUrl: 'https://example.com/shop/',
      authUrl: '/auth/',
      routes: (app, auth) => app.get(['/shop/me', '/shopping', '/cart/me'], auth.loggedIn()),
    })
  })
  afterAll(() => shop.close())

  it('sends the full path as returnTo', async () => {
    const { headers } = await shop.send('GET', '/me?tab=1', BROWSER)
    expect(headers.location).toBe('/auth/login?returnTo=%2Fshop%2Fme%3Ftab%3D1')
  })

  it('gives the arrival page the full path, and later removes the marker', async () => {
    const { text } = await shop.send('GET', '/me?tab=1', FROM_ELSEWHERE)
    expect(text).toContain('url=/shop/me?tab=1&#38;auth-arrived=1')
    const headers = { ...BROWSER, cookie: await shop.signIn() }
    const answer = await shop.send('GET', '/me?auth-arrived=1', headers)
    expect(answer).toMatchObject({ status: 303, headers: { location: '/shop/me' } })
  })

  it('does not repeat the path if the proxy keeps it', async () => {
    const { headers } = await shop.send('GET', '/shop/me', BROWSER)
    expect(headers.location).toBe('/auth/login?returnTo=%2Fshop%2Fme')
  })

  it.each(['/shopping', '/cart/me'])('takes no other name for the path: %s', async (path) => {
    const { headers } = await shop.send('GET', path, BROWSER)
    const returnTo = encodeURIComponent(`/shop${path}`)
    expect(headers.location).toBe(`/auth/login?returnTo=${returnTo}`)
  })
})

describe('a visit from another site, without the strict cookie', () => {
  it('gets a page that redirects, with a link', async () => {
    const answer = await app.send('GET', '/me?tab=1', FROM_ELSEWHERE)
    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    const url = '/me?tab=1&#38;auth-arrived=1'
    expect(answer.text).toContain(`<meta http-equiv="refresh" content="0;url=${url}">`)
    expect(answer.text).toContain(`<a href="${url}">Continue</a>`)
  })

  it('gets it without Sec-Fetch-Mode, too, if it asks for HTML', async () => {
    const { 'sec-fetch-mode': _, ...withoutMode } = FROM_ELSEWHERE
    const answer = await app.send('GET', '/me', withoutMode)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('auth-arrived=1')
    expect((await app.send('POST', '/payout', withoutMode)).status).toBe(303)
    const program = { ...withoutMode, accept: '*/*' }
    expect((await app.send('GET', '/me', program)).status).toBe(401)
  })

  it('then finds its session and the original address', async () => {
    const cookie = await app.signIn()
    const again = {
      ...BROWSER,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'navigate',
      cookie,
    }
    const answer = await app.send('GET', '/me?tab=1&auth-arrived=1', again)
    expect(answer).toMatchObject({ status: 303, headers: { location: '/me?tab=1' } })
    expect((await app.send('GET', '/me?tab=1', again)).status).toBe(200)
  })

  it.each(['/me', '/me?', '/me?a=1&b', '/me?q=a%20b+c&sig=%2f~', '/me?auth-arrived=1&x=1'])(
    'gets the address %s back unchanged',
    async (path) => {
      const { text } = await app.send('GET', path, FROM_ELSEWHERE)
      const marked = (/url=([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&#38;', '&')
      const answer = await app.send('GET', marked, { ...BROWSER, cookie: await app.signIn() })
      expect(answer).toMatchObject({ status: 303, headers: { location: path } })
    },
  )

  it('goes to the sign-in page on the second try; returnTo has no marker', async () => {
    const answer = await app.send('GET', '/me?tab=1&auth-arrived=1', FROM_ELSEWHERE)
    expect(answer).toMatchObject({ status: 303 })
    expect(answer.headers.location).toBe('/login?returnTo=%2Fme%3Ftab%3D1')
  })

  it('does not get it with the cookie, for a program, or within the site', async () => {
    const cookie = await app.signIn()
    expect((await app.send('GET', '/me', { ...FROM_ELSEWHERE, cookie })).status).toBe(200)
    const program = { ...FROM_ELSEWHERE, accept: 'application/json' }
    expect((await app.send('GET', '/me', program)).status).toBe(401)
    for (const changed of [{ 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-mode': 'cors' }]) {
      expect((await app.send('GET', '/me', { ...FROM_ELSEWHERE, ...changed })).status).toBe(303)
    }
    expect((await app.send('POST', '/payout', FROM_ELSEWHERE)).status).toBe(303)
  })

  it('cannot inject anything into that page', async () => {
    const path = `/me?"><script>alert('x')</script>&lt;`
    const { headers, text } = await app.send('GET', path, FROM_ELSEWHERE)
    expect(text).toContain('/me?&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/style-src 'sha256-[^']+'/)
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors']) {
      expect(policy).toContain(`${directive} 'none'`)
    }
    expect(policy).not.toMatch(/unsafe|script-src/)
  })
})
