import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { expectAccessible, overflow } from './browser.ts'
import { password } from './constellation.fixture.ts'
import { linkIn } from './mail.fixture.ts'
import { openToPeople, signIn, signUp } from './people.fixture.ts'

const otherPassword = 'seven brown otters sleep late'

let people: Awaited<ReturnType<typeof openToPeople>>

beforeAll(async () => {
  people = await openToPeople()
}, 120_000)
afterEach(() => people.closePages())
afterAll(() => people.close())

describe('an invited person', () => {
  it.each([true, false])(
    'signs up, confirms the address, signs in and sees the account (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const name = javaScriptEnabled ? 'ines' : 'nora'
      const page = await people.visit(await people.invited(`${name}@example.com`), {
        javaScriptEnabled,
      })
      expect(await page.getByLabel('E-mail').inputValue()).toBe(`${name}@example.com`)
      await signUp(page, name)

      const letter = await people.mail.mailTo(`${name}@example.com`, 'Confirm your account')
      expect(letter.text).toContain(name)
      await page.goto(linkIn(letter, 'Confirm account'))
      await page.getByRole('button', { name: 'Confirm my account' }).click()
      await page.waitForURL(/\/login/)
      expect(await page.getByRole('status').innerText()).toContain('Your account is confirmed')
      await signIn(page, name)
      await page.getByRole('heading', { name: 'Your account' }).waitFor()
      await page.getByText(`${name}@example.com`).waitFor()
    },
  )

  it('sees a wait message while the account is being confirmed, and sends one request', async () => {
    const { page, letter } = await people.waitingToConfirm('paula')
    let times = 0
    await page.route('**/confirm_account', async (route) => {
      times += 1
      await sleep(800)
      await route.continue()
    })
    await page.goto(linkIn(letter, 'Confirm account'))
    // Evaluated in the page, because Playwright waits for the answer.
    const seen = await page.getByRole('button').evaluate((button: HTMLElement) => {
      setTimeout(() => button.click(), 300)
      button.click()
      return [button.textContent, button.getAttribute('aria-disabled')]
    })
    expect(seen).toEqual(['Please wait…', 'true'])
    await page.waitForURL(/\/login/)
    expect(times).toBe(1)
  })

  it('C21 can confirm even after a scanner followed the link, and can confirm again', async () => {
    const { page, letter } = await people.waitingToConfirm('otto')
    const link = linkIn(letter, 'Confirm account')
    for (const method of ['GET', 'HEAD', 'GET'])
      expect((await fetch(link, { method })).ok).toBe(true)
    for (const notice of ['Your account', 'is confirmed']) {
      await page.goto(link)
      await page.getByRole('button', { name: 'Confirm my account' }).click()
      await page.waitForURL(/\/login/)
      expect(await page.getByRole('status').innerText()).toContain(notice)
    }
  })

  it('learns what is wrong with a bad link, and whom to contact', async () => {
    const page = await people.visit(`${people.site.authUrl}invite?confirmation=${'x'.repeat(64)}`)
    await page.getByRole('button', { name: 'Confirm my account' }).click()
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
    expect(await page.getByRole('link', { name: 'Contact us' }).getAttribute('href')).toMatch(
      /^mailto:/,
    )
    await expectAccessible(page)
  })

  it('sees each mistake at its field and keeps the other input', async () => {
    const page = await people.visit(await people.invited('carl@example.com'))
    await page.getByLabel('User name').fill('root')
    await page.getByLabel('Password').fill('short')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.locator('#password-error').waitFor()
    await expectAccessible(page)
    expect(await page.getByLabel('User name').inputValue()).toBe('root')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText(/taken/).waitFor()
    await signUp(page, 'carl')
  })
})

describe('a person whose address someone else used', () => {
  it('removes the account that was never confirmed', async () => {
    const { page, letter } = await people.waitingToConfirm('mallory')
    await page.goto(linkIn(letter, 'This was not me'))
    await page.getByRole('button', { name: 'Remove this account' }).click()
    await page.getByRole('heading', { name: 'Account removed' }).waitFor()
    await page.goto(linkIn(letter, 'Confirm account'))
    await page.getByRole('button', { name: 'Confirm my account' }).click()
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
  })
})

describe('a user who forgot the password', () => {
  it('R14 R17 R18 chooses a new one by e-mail; old sessions are dead, and a notice arrives', async () => {
    await people.site.addUser('rosa')
    const elsewhere = await people.signedIn('rosa')
    const page = await people.visit(`${people.site.authUrl}login`)
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('E-mail').fill('rosa@example.com')
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.getByRole('heading', { name: 'Check your e-mail' }).waitFor()

    const letter = await people.mail.mailTo('rosa@example.com', 'Set a new password')
    await page.goto(linkIn(letter, 'Set a new password'))
    await page.getByLabel('New password').fill(otherPassword)
    await page.getByRole('button', { name: 'Change my password' }).click()
    await page.waitForURL(/\/login/)
    expect(await page.getByRole('status').innerText()).toContain('Password changed')

    expect(await people.isKnown(elsewhere)).toBe(false)
    expect((await people.post('login', { username: 'rosa', password })).status).toBe(401)
    await signIn(page, 'rosa', otherPassword)
    await page.getByRole('heading', { name: 'Your account' }).waitFor()

    const notice = await people.mail.mailTo('rosa@example.com', 'was changed')
    await page.goto(linkIn(notice, 'This was not me'))
    await page.getByRole('button', { name: 'End all sessions' }).click()
    await page.getByRole('heading', { name: 'All sessions ended' }).waitFor()
    expect(await people.isKnown(page)).toBe(false)
  })

  it('R15 can use the link once', async () => {
    await people.site.addUser('ruth')
    await people.post('forgot_password', { email: 'ruth@example.com' })
    const letter = await people.mail.mailTo('ruth@example.com', 'Set a new password')
    const token = new URL(linkIn(letter, 'Set a new password')).searchParams.get('token')
    const first = await people.post('reset_password', { token, password: otherPassword })
    const second = await people.post('reset_password', {
      token,
      password: 'yet another long password',
    })
    expect([first.status, second.status]).toEqual([200, 400])
    const page = await people.visit(linkIn(letter, 'Set a new password'))
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
    await page.getByRole('link', { name: 'Get a new link' }).click()
    await page.waitForURL(/forgot_password/)
  })
})

describe('a signed-in user', () => {
  it('R6 R14 changes the password and stays signed in only here', async () => {
    await people.site.addUser('emma')
    const [page, elsewhere] = await Promise.all([people.signedIn('emma'), people.signedIn('emma')])
    await page.getByRole('link', { name: 'Change your password' }).click()
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password').fill(otherPassword)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('heading', { name: 'Your account' }).waitFor()
    expect(await page.getByRole('status').innerText()).toContain('Password changed')
    expect(await people.isKnown(page)).toBe(true)
    expect(await people.isKnown(elsewhere)).toBe(false)
    await people.mail.mailTo('emma@example.com', 'was changed')
  })

  it('R14 R20 moves to a new address once that confirms, and the old one is notified', async () => {
    await people.site.addUser('vera')
    const page = await people.signedIn('vera')
    await page.getByRole('link', { name: 'Change your e-mail address' }).click()
    await page.getByLabel('New e-mail address').fill('vera@new.example')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Send the link' }).click()
    expect(await page.getByRole('status').innerText()).toContain('We sent a link')
    await page.getByText('vera@example.com').waitFor()

    const letter = await people.mail.mailTo('vera@new.example', 'Confirm your new e-mail address')
    await page.goto(linkIn(letter, 'Confirm new address'))
    await expectAccessible(page)
    await page.getByRole('button').click()
    await page.getByRole('status').waitFor()
    expect((await people.mail.mailTo('vera@example.com', 'New e-mail address')).text).toContain(
      'vera',
    )
    const signedInAgain = await people.post('login', { username: 'vera@new.example', password })
    expect(signedInAgain.status).toBe(200)
  })

  it('deletes the account, which can no longer sign in', async () => {
    await people.site.addUser('dora')
    const page = await people.signedIn('dora')
    const elsewhere = await people.signedIn('dora')
    await page.getByRole('link', { name: 'Delete your account' }).click()
    await page.getByLabel('Password').fill('not the password at all')
    await page.getByRole('button', { name: 'Delete my account' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Delete my account' }).click()
    await page.waitForURL(/\/login/)
    expect(await page.getByRole('status').innerText()).toContain('Your account is deleted')
    expect(await people.isKnown(elsewhere)).toBe(false)
    expect((await people.post('login', { username: 'dora', password })).status).toBe(401)
  })
})

const furtherPages =
  'account change_password change_email account/delete forgot_password resend_confirmation reset'

describe('every page of an account', () => {
  it('is accessible, light and dark, and fits 320 px', async () => {
    const page = await people.visit(await people.invited('anna@example.com'), {
      viewport: { width: 320, height: 720 },
    })
    await look(page)
    await signUp(page, 'anna')
    await look(page)
    const letter = await people.mail.mailTo('anna@example.com', 'Confirm your account')
    await page.goto(linkIn(letter, 'This was not me'))
    await look(page)
    await page.goto(linkIn(letter, 'Confirm account'))
    await look(page)
    await page.getByRole('button').click()
    await page.waitForURL(/\/login/)
    await look(page)
    await signIn(page, 'anna')
    await page.getByRole('heading', { name: 'Your account' }).waitFor()
    for (const path of furtherPages.split(' ')) {
      await page.goto(`${people.site.authUrl}${path}`)
      await look(page)
    }
    await people.post('forgot_password', { email: 'anna@example.com' })
    const reset = await people.mail.mailTo('anna@example.com', 'Set a new password')
    await page.goto(linkIn(reset, 'Set a new password'))
    await look(page)
  }, 60_000)
})

async function look(page: Page): Promise<void> {
  await expectAccessible(page)
  expect([page.url(), await overflow(page)]).toEqual([page.url(), 0])
}
