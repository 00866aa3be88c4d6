import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { expectAccessible, openBrowser } from './browser.ts'
import { startClientSite } from './client-site.fixture.ts'
import { password, startConstellation } from './constellation.fixture.ts'
import { signIn } from './people.fixture.ts'

type ClientSite = Awaited<ReturnType<typeof startClientSite>>

const accessTokenSeconds = 2

let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(() => browser.closePages())
afterAll(() => browser.close())

function visitor(javaScriptEnabled = true): Promise<Page> {
  return browser.newPage({ javaScriptEnabled })
}

/** An auth server and two client sites: one on the same site, one on another. */
async function startSites(settings: Parameters<typeof startConstellation>[0] = {}) {
  const auth = await startConstellation({
    ...settings,
    env: { ACCESS_TOKEN_SECONDS: String(accessTokenSeconds), ...settings.env },
  })
  await auth.addUser('ada')
  const [near, far] = await Promise.all([
    startClientSite(auth, { name: 'Harbour', host: 'localhost' }),
    startClientSite(auth, { name: 'Lighthouse', host: '127.0.0.1' }),
  ])
  async function stop() {
    await Promise.all([near.stop(), far.stop()])
    await auth.stop()
  }
  return { auth, near, far, stop }
}

async function beginSignIn(page: Page, { url }: ClientSite): Promise<void> {
  await page.goto(url)
  await page.getByRole('link', { name: 'Sign in' }).click()
}

/** Waits until the browser is back at the site, which knows the visitor. */
async function expectKnown(page: Page, { url }: ClientSite): Promise<void> {
  await page.getByText('You are signed in.').waitFor()
  expect(page.url()).toBe(url)
}

async function isKnown(page: Page, { url }: ClientSite): Promise<boolean> {
  await page.goto(url)
  return await page.getByText('You are signed in.').isVisible()
}

function untilAccessTokenIsOver(): Promise<void> {
  return sleep(accessTokenSeconds * 1000 + 200)
}

describe('client sites', () => {
  let sites: Awaited<ReturnType<typeof startSites>>
  beforeAll(async () => {
    sites = await startSites()
  }, 60_000)
  afterAll(() => sites.stop())

  describe.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('%s', (_name, javaScript) => {
    it.each([
      ['the same site, then another site', 'near', 'far'],
      ['another site, then the same site', 'far', 'near'],
    ] as const)(
      'need no password once the visitor is signed in at one of them: %s',
      async (_name, one, two) => {
        const page = await visitor(javaScript)
        await beginSignIn(page, sites[one])
        await signIn(page, 'ada')
        await expectKnown(page, sites[one])
        await beginSignIn(page, sites[two])
        await expectKnown(page, sites[two])
      },
    )

    it('get the visitor back after a wrong password and the right one', async () => {
      const page = await visitor(javaScript)
      await beginSignIn(page, sites.far)
      await signIn(page, 'ada', 'not the password at all')
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await expectKnown(page, sites.far)
    })

    it('know a visitor who is already signed in at the auth server', async () => {
      const page = await visitor(javaScript)
      await page.goto(`${sites.auth.authUrl}login`)
      await signIn(page, 'ada')
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      await beginSignIn(page, sites.far)
      await expectKnown(page, sites.far)
    })
  })

  async function signedInAtBoth(): Promise<Page> {
    const page = await visitor()
    await beginSignIn(page, sites.near)
    await signIn(page, 'ada')
    await expectKnown(page, sites.near)
    await beginSignIn(page, sites.far)
    await expectKnown(page, sites.far)
    return page
  }

  it('stay signed in beyond the access token', async () => {
    const page = await signedInAtBoth()
    await untilAccessTokenIsOver()
    expect(await isKnown(page, sites.far)).toBe(true)
    expect(await isKnown(page, sites.near)).toBe(true)
  })

  it('(N6, C7) stay signed in if many tabs refresh at once', async () => {
    const page = await signedInAtBoth()
    const tabs = [page]
    for (let tab = 0; tab < 3; tab += 1)
      // oxlint-disable-next-line no-await-in-loop
      tabs.push(await page.context().newPage())
    for (let round = 0; round < 3; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await untilAccessTokenIsOver()
      // oxlint-disable-next-line no-await-in-loop
      const known = await Promise.all(tabs.map((tab) => isKnown(tab, sites.far)))
      expect(known).toEqual([true, true, true, true])
    }
  })

  it('let a visitor sign out of only one, and sign back in without a password', async () => {
    const page = await signedInAtBoth()
    await page.getByRole('button', { name: 'Sign out here' }).click()
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    await untilAccessTokenIsOver()
    expect(await isKnown(page, sites.near)).toBe(true)
    await beginSignIn(page, sites.far)
    await expectKnown(page, sites.far)
  })

  it('(R25) are all signed out by signing out at the auth server', async () => {
    const page = await signedInAtBoth()
    await page.getByRole('link', { name: 'Sign out everywhere' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await untilAccessTokenIsOver()
    expect(await isKnown(page, sites.near)).toBe(false)
    expect(await isKnown(page, sites.far)).toBe(false)
    await beginSignIn(page, sites.far)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('(R62) sign nobody out while the auth server is down', async () => {
    const page = await signedInAtBoth()
    await untilAccessTokenIsOver()
    sites.auth.redis.pause()
    await page.goto(sites.far.url)
    const isTold = await page.getByText('We cannot tell who you are just now.').isVisible()
    sites.auth.redis.resume()
    expect(isTold).toBe(true)
    await page.getByRole('link', { name: 'Try again' }).click()
    await expectKnown(page, sites.far)
  })

  it('have accessible pages', async () => {
    const page = await visitor()
    await page.goto(sites.far.url)
    await expectAccessible(page)
    await beginSignIn(page, sites.far)
    await signIn(page, 'ada')
    await expectKnown(page, sites.far)
    await expectAccessible(page)
  })
})

describe('a sign-out while access tokens are valid', () => {
  let sites: Awaited<ReturnType<typeof startSites>>
  beforeAll(async () => {
    sites = await startSites({ env: { ACCESS_TOKEN_SECONDS: '300' } })
  }, 60_000)
  afterAll(() => sites.stop())

  it('(R25, R81) is known to every client site within seconds', async () => {
    const page = await visitor()
    await beginSignIn(page, sites.near)
    await signIn(page, 'ada')
    await expectKnown(page, sites.near)
    await beginSignIn(page, sites.far)
    await expectKnown(page, sites.far)
    await page.getByRole('link', { name: 'Sign out everywhere' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await sleep(3000)
    expect(await isKnown(page, sites.near)).toBe(false)
    expect(await isKnown(page, sites.far)).toBe(false)
  })
})

describe('the end of a sign-in', () => {
  const refreshSeconds = 15
  let sites: Awaited<ReturnType<typeof startSites>>
  beforeAll(async () => {
    const env = { REFRESH_DAYS: (refreshSeconds / 86_400).toFixed(8) }
    sites = await startSites({ basePath: '/auth/', env })
  }, 60_000)
  afterAll(() => sites.stop())

  it('(R54) comes for every client site at once, and the password starts a new one', async () => {
    const page = await visitor()
    await beginSignIn(page, sites.near)
    await signIn(page, 'ada')
    const began = Date.now()
    await expectKnown(page, sites.near)
    await sleep(2000)
    await beginSignIn(page, sites.far)
    await expectKnown(page, sites.far)
    await untilAccessTokenIsOver()
    expect(await isKnown(page, sites.near)).toBe(true)
    expect(await isKnown(page, sites.far)).toBe(true)

    await sleep(began + refreshSeconds * 1000 - Date.now())
    expect(await isKnown(page, sites.near)).toBe(false)
    expect(await isKnown(page, sites.far)).toBe(false)
    await beginSignIn(page, sites.far)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await expectKnown(page, sites.far)
  })
})
