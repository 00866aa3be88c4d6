import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expectAccessible, overflow } from './browser.ts'
import { linkIn } from './mail.fixture.ts'
import { openToPeople, signIn, signUp } from './people.fixture.ts'

let people: Awaited<ReturnType<typeof openToPeople>>

beforeAll(async () => {
  people = await openToPeople()
}, 120_000)
afterEach(() => people.closePages())
afterAll(() => people.close())

const admin = (path = '') => `${people.site.authUrl}admin${path}`

/** The admin's browser on one of the admin pages. */
async function asAdmin(path = '', options: BrowserContextOptions = {}): Promise<Page> {
  const page = await people.visit(admin(path), options)
  await signIn(page, 'root')
  await page.waitForURL(admin(path))
  return page
}

/** Opens the page of a user through the search. */
async function find(page: Page, username: string): Promise<void> {
  await page.getByRole('link', { name: 'Users', exact: true }).click()
  await page.getByLabel('Name or e-mail').fill(username)
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('link', { name: username, exact: true }).click()
  await page.getByRole('heading', { name: username, level: 1 }).waitFor()
}

const notice = (page: Page) => page.getByRole('status').first().innerText()

describe('an admin', () => {
  it.each([true, false])(
    'finds, suspends and restores a user, with a confirmation or a message (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const name = javaScriptEnabled ? 'mallory' : 'mordred'
      await people.site.addUser(name)
      const theirs = await people.signedIn(name)
      const page = await asAdmin('', { javaScriptEnabled })
      await find(page, name)
      await page.getByRole('link', { name: 'Suspend', exact: true }).click()
      await page.getByRole('heading', { name: `Suspend ${name}?` }).waitFor()
      expect(await people.isKnown(theirs)).toBe(true)
      await page.getByRole('button', { name: 'Suspend' }).click()
      expect(await notice(page)).toContain('suspended')
      expect(await people.isKnown(theirs)).toBe(false)

      await page.getByRole('button', { name: 'Restore' }).click()
      await page.getByRole('link', { name: 'Suspend', exact: true }).waitFor()
      expect(await notice(page)).toContain('restored')
      await people.signedIn(name)
    },
  )

  it('R27 signs a user out on one device and then everywhere', async () => {
    await people.site.addUser('olga')
    const [one, other] = [await people.signedIn('olga'), await people.signedIn('olga')]
    const page = await asAdmin()
    await find(page, 'olga')
    await page.getByRole('link', { name: 'Sign out there' }).first().click()
    await page.getByRole('button', { name: 'Sign out there' }).click()
    expect(await notice(page)).toContain('ended')
    const known = [await people.isKnown(one), await people.isKnown(other)]
    expect(known.filter(Boolean)).toHaveLength(1)

    await page.getByRole('link', { name: 'Sign out everywhere' }).click()
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByText('No sessions.').waitFor()
    expect(await people.isKnown(one)).toBe(false)
    expect(await people.isKnown(other)).toBe(false)
  })

  it('R19 sends a reset and never sees or chooses a password', async () => {
    await people.site.addUser('rita')
    const page = await asAdmin()
    await find(page, 'rita')
    expect(await page.locator('input[type=password]').count()).toBe(0)
    await page.getByRole('button', { name: 'Send a password reset' }).click()
    await page.getByText('on its way').waitFor()
    const letter = await people.mail.mailTo('rita@example.com', 'password')
    expect(letter.to.map(({ address }) => address)).toEqual(['rita@example.com'])
  })

  it('gives a role, and sees an error for an invalid one', async () => {
    await people.site.addUser('hugo')
    const page = await asAdmin()
    await find(page, 'hugo')
    await page.getByRole('link', { name: 'Change roles' }).click()
    await page.getByLabel('Roles').fill('admin, <b>')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('#roles-error').waitFor()
    await expectAccessible(page)
    await page.getByLabel('Roles').fill('admin')
    await page.getByRole('button', { name: 'Save' }).click()
    expect(await notice(page)).toContain('changed')
    const theirs = await people.signedIn('hugo')
    await theirs.getByRole('link', { name: 'Admin pages' }).click()
    await theirs.getByRole('heading', { name: 'Overview' }).waitFor()
  })

  it('deletes a user by keyboard', async () => {
    await people.site.addUser('gone')
    const page = await asAdmin('/users')
    await page.getByLabel('Name or e-mail').focus()
    await page.keyboard.type('gone')
    await page.keyboard.press('Enter')
    await page.waitForURL(/search=gone/)
    await pressAt(page, 'gone')
    await pressAt(page, 'Delete')
    await page.getByRole('heading', { name: 'Delete gone?' }).waitFor()
    await pressAt(page, 'Delete for good')
    await page.waitForURL(/notice=user_deleted/)
    expect(await notice(page)).toContain('deleted')
  })
})

/** Tabs to the link or button of that name and presses Enter. */
async function pressAt(page: Page, name: string): Promise<void> {
  const url = page.url()
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => document.activeElement?.textContent?.trim())
    if (at !== name) continue
    await page.keyboard.press('Enter')
    await page.waitForURL((now) => now.href !== url)
    return
  }
  throw new Error(`The keyboard does not reach "${name}"`)
}

describe('an admin with invitations', () => {
  it('creates one and copies its link, with which a guest signs up', async () => {
    const page = await asAdmin('/invites')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('link', { name: 'Invite someone' }).click()
    await page.getByRole('button', { name: 'Make the invitation' }).click()
    await page.getByRole('heading', { name: 'Invitation created' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByText('Copied.').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    const guest = await people.visit(link)
    await guest.getByLabel('E-mail').fill('ivy@example.com')
    await signUp(guest, 'ivy')
    await page.getByRole('link', { name: 'All invitations' }).click()
    await page.getByRole('row', { name: /used by ivy/ }).waitFor()
  })

  it('invites an address, which gets the e-mail, and revokes the invitation (no JavaScript)', async () => {
    const page = await asAdmin('/invites/new', { javaScriptEnabled: false })
    await page.getByLabel('E-mail address').fill('otis@example.com')
    await page.getByLabel('Days').fill('3')
    await page.getByRole('button', { name: 'Make the invitation' }).click()
    const shown = await page.getByLabel('Link').inputValue()
    const letter = await people.mail.mailTo('otis@example.com', 'invitation')
    expect(linkIn(letter, 'Accept the invitation')).toBe(shown)

    await page.getByRole('link', { name: 'All invitations' }).click()
    const row = page.getByRole('row', { name: /otis@example.com/ })
    await row.getByRole('link', { name: 'Revoke' }).click()
    await page.getByRole('button', { name: 'Revoke' }).click()
    expect(await row.innerText()).toContain('revoked')
    const guest = await people.visit(shown)
    expect(await guest.getByRole('button', { name: 'Create account' }).count()).toBe(0)
  })
})

describe('the overview', () => {
  it('shows sign-ins as a chart and as an equivalent table', async () => {
    const page = await asAdmin()
    await page.getByText(/\d+ signed in/).waitFor()
    expect(await page.locator('svg rect').count()).toBe(48)
    await page.getByText('Hour by hour').click()
    expect(await page.getByRole('table').getByRole('row').count()).toBe(25)
    for (const name of ['MongoDB', 'Redis', 'RabbitMQ'])
      expect(await page.getByText(name, { exact: true }).count()).toBe(1)
    expect(await page.getByText('Does not answer').count()).toBe(0)
  })
})

describe('every page of users and invitations', () => {
  it('is accessible, light and dark, and fits 360 px', async () => {
    const user = await people.site.addUser('narrow')
    await people.invited(`${'long'.repeat(12)}@example.com`)
    const page = await asAdmin('', { viewport: { width: 360, height: 720 } })
    const own = `/users/${user.id}`
    const paths = ['', '/users', own, `${own}/suspend`, `${own}/roles`, '/invites', '/invites/new']
    for (const path of paths) {
      await page.goto(admin(path))
      await expectAccessible(page)
      expect([path, await overflow(page)]).toEqual([path, 0])
    }
  }, 60_000)
})
