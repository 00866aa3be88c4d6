import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { password, startConstellation } from './constellation.fixture.ts'
import { linkIn, startMail } from './mail.fixture.ts'

/**
 * The whole system with e-mails and one admin, and the things that people do there in a browser.
 *
 * @param options.host a made-up name under which browsers reach auth-server, over plain http
 */
export async function openToPeople({ host }: { host?: string } = {}) {
  const mail = await startMail()
  const address = host === undefined ? {} : { PUBLIC_URL: `http://${host}` }
  const site = await startConstellation({
    mail,
    env: { LIMIT_MAIL_PER_ADDRESS: '1000', ...address },
  })
  const hosts = host === undefined ? {} : { [host]: `127.0.0.1:${new URL(site.authUrl).port}` }
  const browser = await openBrowser({ hosts })
  await site.addUser('root', ['admin'])

  async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options)
    await page.goto(url)
    return page
  }

  function post(path: string, body: object, cookie = ''): Promise<Response> {
    const headers = { 'Content-Type': 'application/json', cookie }
    const url = `${site.authUrl}${path}`
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** The link of an admin's invite, from its e-mail. */
  async function invited(email: string): Promise<string> {
    const signedIn = await post('login', { username: 'root', password })
    const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';')
    await post('invites', { email }, cookie)
    return linkIn(await mail.mailTo(email, 'invitation'), 'Accept the invitation')
  }

  return {
    site,
    mail,
    visit,
    post,
    invited,

    /** The account page of a user who signed in with a new browser. */
    async signedIn(username: string): Promise<Page> {
      const page = await visit(`${site.authUrl}login`)
      await signIn(page, username)
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      return page
    },

    /** Signs a person up, and returns the confirmation e-mail. */
    async waitingToConfirm(username: string) {
      const email = `${username}@example.com`
      const page = await visit(await invited(email))
      await signUp(page, username)
      return { page, letter: await mail.mailTo(email, 'Confirm your account') }
    },

    /** Whether the product server knows this browser. */
    async isKnown(page: Page): Promise<boolean> {
      return (await page.request.get(`${site.productUrl}/me`)).status() === 200
    },

    closePages: () => browser.closePages(),
    async close() {
      await browser.close()
      await site.stop()
      await mail.stop()
    },
  }
}

export async function signIn(page: Page, username: string, secret = password): Promise<void> {
  await page.getByLabel('User name or e-mail').fill(username)
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export async function signUp(page: Page, username: string): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Check your e-mail' }).waitFor()
}
