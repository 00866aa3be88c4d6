import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { startConstellation } from './constellation.fixture.ts'
import { signIn } from './people.fixture.ts'
import { type Authenticator, plugIn } from './authenticator.fixture.ts'

let site: Awaited<ReturnType<typeof startConstellation>>
let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  const many = { LIMIT_SIGN_IN_PER_ADDRESS: '10000', SUSPEND_AFTER_FAILURES: '10000' }
  ;[site, browser] = await Promise.all([
    startConstellation({ env: many }),
    openBrowser({ withWindow: true }),
  ])
}, 60_000)
afterEach(() => browser.closePages())
afterAll(async () => {
  await browser.close()
  await site.stop()
})

async function visit(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options)
  page.setDefaultTimeout(15_000)
  await page.goto(`${site.authUrl}${path}`)
  return page
}

let users = 0
/** A new user who is signed in with the password, on the page of factors. */
async function newUser(options: BrowserContextOptions = {}) {
  users += 1
  const username = `user${users}`
  await site.addUser(username)
  const page = await visit('login?returnTo=/account/factors', options)
  await signIn(page, username)
  await page.getByRole('heading', { name: 'Ways to sign in' }).waitFor()
  return { page, username }
}

/** A new user whose passkey is on this authenticator. The page shows the recovery codes. */
async function userWithPasskey(kind: Authenticator = {}) {
  const { page, username } = await newUser()
  const authenticator = await plugIn(page, kind)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  return { page, username, authenticator }
}

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies()
  await page.goto(`${site.authUrl}login`)
}

const isSignedIn = (page: Page) => page.waitForURL(`${site.authUrl}account`)

const yesNo = [true, false]
const kinds = (['internal', 'usb'] as const).flatMap((transport) =>
  yesNo.flatMap((userVerified) =>
    yesNo.flatMap((backedUp) =>
      yesNo.map((discoverable) => ({ transport, userVerified, backedUp, discoverable })),
    ),
  ),
)

/** The browser stores nothing on such a key before its owner has set a PIN. */
const needsPin = ({ transport, userVerified, discoverable }: Authenticator) =>
  transport === 'usb' && !userVerified && discoverable

describe('a passkey', () => {
  it.each(kinds.filter((kind) => !needsPin(kind)))(
    'R79 on $transport (verified: $userVerified, synced: $backedUp, discoverable: $discoverable)',
    async (kind) => {
      const { page, username } = await userWithPasskey(kind)
      const { passkeys } = await (await page.request.get(`${site.authUrl}account/factors`)).json()
      expect(passkeys).toMatchObject([{ name: 'Chrome on Linux', backedUp: kind.backedUp }])
      await signOut(page)
      const isAlone = kind.userVerified && kind.discoverable
      // Autofill suggests a passkey of the device, and this browser takes the suggestion at once.
      const isSuggested = isAlone && kind.transport === 'internal'
      const button = page.getByRole('button', { name: 'Sign in with a passkey' })
      if (isAlone && !isSuggested) await button.click()
      if (isAlone) return await isSignedIn(page)
      await button.click()
      await page.getByText('Nothing was confirmed.').waitFor()
      await signIn(page, username)
      await page.getByRole('button', { name: 'Use your passkey' }).click()
      await isSignedIn(page)
    },
    30_000,
  )

  it.each(kinds.filter(needsPin))(
    'R79 on $transport (verified: $userVerified, synced: $backedUp, discoverable: $discoverable) needs a PIN',
    async (kind) => {
      const { page } = await newUser()
      await plugIn(page, kind)
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.waitForTimeout(500)
      await page.reload()
      const factors = await page.request.get(`${site.authUrl}account/factors`)
      expect(await factors.json()).toMatchObject({ passkeys: [] })
    },
    30_000,
  )
})
