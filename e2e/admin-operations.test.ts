import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openDeadMails } from '../apps/auth-server/testing/dead-mails.fixture.ts'
import { expectAccessible, openBrowser, overflow } from './browser.ts'
import { startConstellation } from './constellation.fixture.ts'
import { signIn } from './people.fixture.ts'

const deadMails = openDeadMails(randomBytes(32).toString('hex'))
const phone = { viewport: { width: 360, height: 740 } }
const audience = 'https://api.example'

let site: Awaited<ReturnType<typeof startConstellation>>
let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  const env = { ...deadMails.env, TRUST_PROXY: '1', SUSPEND_AFTER_FAILURES: '3' }
  ;[site, browser] = await Promise.all([startConstellation({ env }), openBrowser()])
  await site.addUser('root', ['admin'])
  await addResourceServer()
}, 60_000)
afterEach(() => browser.closePages())
afterAll(async () => {
  await browser.close()
  await site.stop()
  await deadMails.close()
})

/** An admin page in a browser of its own. */
async function openAdmin(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options)
  await page.goto(`${site.authUrl}login`)
  await signIn(page, 'root')
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  await page.goto(`${site.authUrl}${path}`)
  return page
}

async function addResourceServer(): Promise<void> {
  const page = await openAdmin('admin/clients/new')
  await page.getByLabel('Name').fill('Orders')
  await page.getByLabel('Resource server').check()
  await page.getByLabel('Own audience').fill(audience)
  await press(page, 'Add the client')
  await page.getByLabel('Client secret').waitFor()
}

/** Adds a client site, opens its page and returns its name. */
async function addSite(page: Page): Promise<string> {
  const name = `Shop ${randomBytes(3).toString('hex')}`
  await page.goto(`${site.authUrl}admin/clients/new`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Redirect URIs').fill('https://shop.example/cb')
  await page.getByLabel('Audiences').fill(audience)
  await press(page, 'Add the client')
  await page.getByRole('link', { name: 'I have saved it' }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
  return name
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).click()
}

/** Sends too many wrong passwords from that address. */
async function block(address: string): Promise<void> {
  for (let failure = 0; failure < 3; failure += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await fetch(`${site.authUrl}login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
      body: JSON.stringify({ username: 'nobody', password: 'wrong' }),
    })
  }
}

describe('admin pages', () => {
  const paths = [
    'admin/clients',
    'admin/clients/new',
    'admin/mails',
    'admin/mails/drop',
    'admin/addresses',
    'admin/audit',
    'account/activity',
  ]
  it('are accessible, light and dark, and fit, wide and narrow', async () => {
    await deadMails.park('550 no such mailbox: nobody-with-a-very-long-name@mail.example')
    await block('2001:db8:1111:2222:3333:4444:5555:6666')
    const page = await openAdmin('admin', phone)
    await addSite(page)
    const client = page.url().replace(site.authUrl, '')
    const ofClient = ['', '/edit', '/secret', '/key', '/remove'].map((end) => `${client}${end}`)
    for (const path of [...paths, ...ofClient]) {
      // oxlint-disable-next-line no-await-in-loop
      await page.goto(`${site.authUrl}${path}`)
      // oxlint-disable-next-line no-await-in-loop
      await expectAccessible(page)
      for (const viewport of [{ width: 1280, height: 800 }, phone.viewport]) {
        // oxlint-disable-next-line no-await-in-loop
        await page.setViewportSize(viewport)
        // oxlint-disable-next-line no-await-in-loop
        expect([path, viewport, await overflow(page)]).toEqual([path, viewport, 0])
      }
    }
  }, 60_000)
})

describe('client sites', () => {
  it('can be added by keyboard and without JavaScript', async () => {
    const page = await openAdmin('admin/clients/new', { javaScriptEnabled: false, ...phone })
    const { keyboard } = page
    await page.getByLabel('Name').focus()
    await keyboard.type('Typed')
    await keyboard.press('Tab')
    await keyboard.press('ArrowDown')
    await keyboard.press('Tab')
    await keyboard.type('https://typed.example/cb')
    await keyboard.press('Tab')
    await keyboard.type(audience)
    for (let fields = 0; fields < 3; fields += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await keyboard.press('Tab')
    }
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Typed is registered' }).waitFor()
    const secret = page.getByLabel('Client secret')
    expect(await secret.inputValue()).toMatch(/^[\w-]{43}$/)
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0)
    await page.getByRole('link', { name: 'I have saved it' }).click()
    expect(await page.getByText('First-party app').count()).toBe(1)
  })

  it('show what is wrong at the field, and go on there', async () => {
    const page = await openAdmin('admin/clients/new')
    await page.getByLabel('Name').fill('Shop')
    await page.getByLabel('Redirect URIs').fill('http://shop.example')
    await press(page, 'Add the client')
    await page.getByText('Entry 1').waitFor()
    const field = page.getByLabel('Redirect URIs')
    expect(await field.inputValue()).toBe('http://shop.example')
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
    await expectAccessible(page)
  })

  it('have a button that copies the secret', async () => {
    const page = await openAdmin('admin')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await addSite(page)
    await page.getByRole('link', { name: 'Rotate the secret' }).click()
    await press(page, 'Rotate the secret')
    await page.getByRole('button', { name: 'Copy' }).last().click()
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe(await page.getByLabel('Client secret').inputValue())
    await expectAccessible(page)
  })

  it('keep the one new secret if its page is reloaded', async () => {
    const page = await openAdmin('admin')
    await addSite(page)
    await page.getByRole('link', { name: 'Rotate the secret' }).click()
    await press(page, 'Rotate the secret')
    await page.getByLabel('Client secret').waitFor()
    await page.reload()
    await page.getByText('nothing was changed').waitFor()
    expect(await page.getByRole('table').first().getByRole('row').count()).toBe(3)
  })

  it('get another key, are edited, and are removed after a confirmation', async () => {
    const page = await openAdmin('admin')
    const name = await addSite(page)
    await page.getByRole('link', { name: 'Rotate the signing key' }).click()
    await press(page, 'Rotate the signing key')
    await page.getByText('Published, signs later').waitFor()
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByLabel('Name').fill(`${name}s`)
    await press(page, 'Save')
    await page.getByRole('status').filter({ hasText: 'saved' }).waitFor()
    await page.getByRole('link', { name: `Remove ${name}s` }).click()
    await page.getByRole('link', { name: 'No, go back' }).click()
    await page.getByRole('link', { name: `Remove ${name}s` }).click()
    await press(page, `Remove ${name}s`)
    await page.getByRole('status').filter({ hasText: 'removed' }).waitFor()
    expect(await page.getByRole('link', { name: `${name}s` }).count()).toBe(0)
  })
})

describe('dead e-mails', () => {
  it('are tried again and discarded, without JavaScript', async () => {
    await deadMails.empty()
    await deadMails.park('mailbox is full')
    await deadMails.park('no such mailbox')
    const page = await openAdmin('admin/mails', { javaScriptEnabled: false, ...phone })
    await page
      .getByRole('row')
      .filter({ hasText: 'mailbox is full' })
      .getByRole('button', { name: 'Try again' })
      .click()
    await page.getByRole('status').filter({ hasText: 'queued again' }).waitFor()
    await page.getByRole('link', { name: 'Discard', exact: true }).click()
    await press(page, 'Discard')
    await page.getByText('None: no e-mail has failed for good.').waitFor()
  })
})

describe('blocked addresses', () => {
  it('show until when, and are unblocked', async () => {
    await block('198.51.100.7')
    const page = await openAdmin('admin/addresses', { javaScriptEnabled: false, ...phone })
    const row = page.getByRole('row').filter({ hasText: '198.51.100.7' })
    expect(await row.getByRole('time').count()).toBe(2)
    await row.getByRole('button', { name: 'Unblock' }).click()
    await page.getByRole('status').filter({ hasText: 'unblocked' }).waitFor()
    expect(await row.count()).toBe(0)
  })
})

describe('the audit log', () => {
  it('can be filtered and downloaded as CSV', async () => {
    await block('198.51.100.8')
    const page = await openAdmin('admin/audit')
    await page.getByLabel('What happened').selectOption('Network address blocked')
    await page.getByLabel('To whom').fill('198.51.100.8')
    await press(page, 'Filter')
    await page.getByRole('cell', { name: '198.51.100.8' }).first().waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download as CSV' }).click()
    const file = await (await downloading).path()
    expect((await readFile(file, 'utf8')).trimEnd().split('\r\n')).toHaveLength(2)
  })
})

describe('the user’s own security log', () => {
  it('is linked from the account page and shows this sign-in', async () => {
    const page = await openAdmin('account', { javaScriptEnabled: false, ...phone })
    await page.getByRole('link', { name: 'Activity' }).click()
    const newest = page.getByRole('listitem').filter({ hasText: 'Signed in' }).first()
    expect(await newest.textContent()).toMatch(/Chrom\w+ on Linux/)
  })
})
