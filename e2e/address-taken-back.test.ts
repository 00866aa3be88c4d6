import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expectAccessible } from './browser.ts'
import { password } from './constellation.fixture.ts'
import { linkIn } from './mail.fixture.ts'
import { openToPeople, signIn } from './people.fixture.ts'

const otherPassword = 'seven brown otters sleep late'

let people: Awaited<ReturnType<typeof openToPeople>>

beforeAll(async () => {
  people = await openToPeople()
}, 120_000)
afterAll(() => people.close())

/** The browser of an intruder who has moved the account to their own address. */
async function moved(username: string) {
  await people.site.addUser(username)
  const page = await people.signedIn(username)
  await page.goto(`${people.site.authUrl}change_email`)
  await page.getByLabel('New e-mail address').fill(`${username}@intruder.example`)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('status').waitFor()
  const letter = await people.mail.mailTo(`${username}@intruder.example`, 'Confirm your new e-mail')
  await page.goto(linkIn(letter, 'Confirm new address'))
  await page.getByRole('button').click()
  await page.getByRole('status').waitFor()
  return await people.signedIn(username)
}

describe('a user whose account was moved to another address', () => {
  it('R14 R18 takes it back from the old address, and the intruder is out', async () => {
    const intruder = await moved('lena')
    const notice = await people.mail.mailTo('lena@example.com', 'New e-mail address')
    const page = await people.visit(linkIn(notice, 'This was not me'))
    await expectAccessible(page)
    await page.getByRole('button', { name: 'End all sessions' }).click()
    await page.getByRole('heading', { name: 'All sessions ended' }).waitFor()
    expect(await people.isKnown(intruder)).toBe(false)

    const letter = await people.mail.mailTo('lena@example.com', 'Set a new password')
    await page.goto(linkIn(letter, 'Set a new password'))
    await page.getByLabel('New password').fill(otherPassword)
    await page.getByRole('button', { name: 'Change my password' }).click()
    await page.waitForURL(/\/login/)
    await signIn(page, 'lena@example.com', otherPassword)
    await page.getByRole('heading', { name: 'Your account' }).waitFor()
    await page.getByText('lena@example.com').waitFor()
    for (const secret of [password, otherPassword]) {
      const attempt = { username: 'lena@intruder.example', password: secret }
      expect((await people.post('login', attempt)).status).toBe(401)
    }
  })
})
