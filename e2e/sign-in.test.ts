import { createServer } from 'node:http'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expectAccessible, openBrowser, overflow } from './browser.ts'
import { password, startConstellation } from './constellation.fixture.ts'
import { signIn } from './people.fixture.ts'

let site: Awaited<ReturnType<typeof startConstellation>>
let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  ;[site, browser] = await Promise.all([startConstellation(), openBrowser()])
  await site.addUser('ada')
}, 60_000)
afterEach(() => browser.closePages())
afterAll(async () => {
  await browser.close()
  await site.stop()
})

async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options)
  await page.goto(url)
  return page
}

const fillIn = (page: Page, username = 'ada', secret = password) => signIn(page, username, secret)

async function signedIn(): Promise<Page> {
  const page = await visit(`${site.productUrl}/dashboard`)
  await fillIn(page)
  await page.getByRole('heading', { name: 'Good to see you, ada' }).waitFor()
  return page
}

describe('a visitor of the product server', () => {
  it('is sent to sign in, returns and is greeted by name', async () => {
    const page = await visit(`${site.productUrl}/dashboard?from=mail`)
    expect(page.url()).toContain(`${site.authUrl}login`)
    await fillIn(page)
    await page.getByRole('heading', { name: 'Good to see you, ada' }).waitFor()
    expect(page.url()).toBe(`${site.productUrl}/dashboard?from=mail`)
  })

  it('learns that the password is wrong, and gets in with the right one', async () => {
    const page = await visit(`${site.productUrl}/dashboard`)
    await fillIn(page, 'ada', 'not the password')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('Wrong user name or password.')
    expect(await page.getByLabel('User name').inputValue()).toBe('ada')
    expect(await page.getByLabel('Password').inputValue()).toBe('')
    await expectAccessible(page)
    await fillIn(page)
    await page.waitForURL(`${site.productUrl}/dashboard`)
  })

  it('learns that the browser blocks cookies, and gets in once it does not', async () => {
    const page = await visit(`${site.authUrl}login`)
    // The page asks for a passkey challenge, and its answer brings a cookie.
    await page.waitForLoadState('networkidle')
    await page.context().clearCookies()
    await fillIn(page)
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('blocks cookies from localhost')
    await fillIn(page)
    await page.waitForURL(`${site.authUrl}account`)
  })

  it('can sign in by keyboard', async () => {
    const page = await visit(`${site.authUrl}login`)
    await page.keyboard.type('ada')
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${site.authUrl}account`)
  })

  it('is signed out on the product server after signing out on the auth server', async () => {
    const page = await signedIn()
    await page.getByRole('link', { name: 'Sign out' }).first().click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${site.authUrl}login`)
    await page.goto(`${site.productUrl}/dashboard`)
    expect(page.url()).toContain(`${site.authUrl}login`)
    const me = await page.request.get(`${site.productUrl}/me`)
    expect(me.status()).toBe(401)
  })

  it('keeps the cart that was filled before signing in', async () => {
    const page = await visit(site.productUrl)
    await page
      .getByRole('button', { name: /Add .*to cart/i })
      .first()
      .click()
    await page.goto(`${site.productUrl}/dashboard`)
    await fillIn(page)
    await page.getByRole('heading', { name: 'Good to see you, ada' }).waitFor()
    const { items } = await (await page.request.get(`${site.productUrl}/cart`)).json()
    expect(items).toHaveLength(1)
  })
})

describe('a session', () => {
  it('survives a restart of the browser', async () => {
    const page = await signedIn()
    const kept = await page.context().storageState()
    expect(kept.cookies.find(({ name }) => name === 'session')?.expires).toBeGreaterThan(
      Date.now() / 1000 + 13 * 86_400,
    )
    await page.context().close()
    const again = await visit(`${site.productUrl}/dashboard`, { storageState: kept })
    await again.getByRole('heading', { name: 'Good to see you, ada' }).waitFor()
  })

  it('survives a restart of both servers', async () => {
    const page = await signedIn()
    await site.restart()
    await page.reload()
    await page.getByRole('heading', { name: 'Good to see you, ada' }).waitFor()
    await page.goto(`${site.authUrl}account`)
    await page.getByText('ada@example.com').waitFor()
  }, 40_000)

  it('R29 is out of reach for scripts', async () => {
    const page = await signedIn()
    expect(await page.evaluate(() => document.cookie)).toBe('')
  })
})

describe('a link from another site', () => {
  it('finds the running session, although the cookie is sameSite=strict', async () => {
    const page = await signedIn()
    // 127.0.0.1 and localhost are different sites to a browser.
    const elsewhere = createServer((_req, res) => {
      res.setHeader('Content-Type', 'text/html')
      res.end(`<a href="${site.productUrl}/dashboard?a=1">go</a>`)
    }).listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const address = elsewhere.address()
    const port = typeof address === 'object' ? address?.port : 0
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.getByRole('link', { name: 'go' }).click()
    await page.getByRole('heading', { name: 'Good to see you, ada' }).waitFor()
    expect(page.url()).toBe(`${site.productUrl}/dashboard?a=1`)
    elsewhere.close()
    elsewhere.closeAllConnections()
  })
})

describe('R32 forms', () => {
  it("of a no-referrer page send Origin: null, and pass if they are the site's own", async () => {
    const page = await browser.newPage()
    await page.route('**/login', async (route) => {
      if (route.request().method() !== 'GET') return route.continue()
      const answer = await route.fetch()
      const headers = { ...answer.headers(), 'referrer-policy': 'no-referrer' }
      return route.fulfill({ response: answer, headers })
    })
    await page.goto(`${site.authUrl}login`)
    const posted = page.waitForRequest(
      (sent) => sent.method() === 'POST' && sent.url().endsWith('/login'),
    )
    await fillIn(page)
    expect((await (await posted).allHeaders()).origin).toBe('null')
    await page.waitForURL(`${site.authUrl}account`)
  })

  it('of a foreign page are refused and sign nobody in', async () => {
    const page = await browser.newPage()
    const foreign = createServer((_req, res) => {
      res.setHeader('Content-Type', 'text/html')
      res.end(`<form method="post" action="${site.authUrl}login"><input name="username" value="ada">
        <input name="password" value="${password}"><button>go</button></form>`)
    }).listen(0, '127.0.0.1')
    await once(foreign, 'listening')
    const address = foreign.address()
    await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`)
    const answer = page.waitForResponse((response) => response.url() === `${site.authUrl}login`)
    await page.getByRole('button').click()
    expect((await answer).status()).toBe(403)
    await page.getByText('403').waitFor()
    foreign.close()
    foreign.closeAllConnections()
  })
})

describe('every page', () => {
  it('is accessible, light and dark', async () => {
    const page = await signedInWith({})
    const addresses = [
      ...['account', 'logout', 'reauthenticate', 'no-such-page'].map((path) => site.authUrl + path),
      ...['/', '/dashboard', '/no-such-page'].map((path) => site.productUrl + path),
    ]
    for (const address of addresses) {
      // oxlint-disable-next-line no-await-in-loop
      await page.goto(address)
      // oxlint-disable-next-line no-await-in-loop
      await expectAccessible(page)
    }
  }, 60_000)

  it.each([320, 768, 1280])('needs no sideways scrolling at %i px', async (width) => {
    const page = await signedInWith({ viewport: { width, height: 720 } })
    for (const path of ['login', 'account', 'logout', 'reauthenticate', 'no-such-page']) {
      await page.goto(site.authUrl + path)
      expect([path, await overflow(page)]).toEqual([path, 0])
    }
  })
})

async function signedInWith(options: BrowserContextOptions): Promise<Page> {
  const page = await visit(`${site.authUrl}login`, options)
  await fillIn(page)
  await page.waitForURL(`${site.authUrl}account`)
  return page
}
