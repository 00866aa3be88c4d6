import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { linkIn } from './mail.fixture.ts'
import { openToPeople, signIn, signUp } from './people.fixture.ts'

const site = 'http://login.intranet'
const otherPassword = 'four slow boats at noon'

let people: Awaited<ReturnType<typeof openToPeople>>

beforeAll(async () => {
  people = await openToPeople({ host: 'login.intranet' })
}, 60_000)
afterEach(() => people.closePages())
afterAll(() => people.close())

// Browsers send no Sec-Fetch headers there.
describe('a site on plain http that is not localhost (R32)', () => {
  it('accepts the forms of every page with a token: sign-up, confirmation, reset, not me', async () => {
    const page = await people.visit(await people.invited('ines@example.com'))
    const posted = page.waitForRequest((sent) => sent.method() === 'POST')
    await signUp(page, 'ines')
    const { origin, 'sec-fetch-site': fetchSite } = await (await posted).allHeaders()
    expect({ origin, fetchSite }).toEqual({ origin: site, fetchSite: undefined })

    const letter = await people.mail.mailTo('ines@example.com', 'Confirm your account')
    await page.goto(linkIn(letter, 'Confirm account'))
    await page.getByRole('button', { name: 'Confirm my account' }).click()
    await page.waitForURL(/\/login/)
    await signIn(page, 'ines')
    await page.getByRole('heading', { name: 'Your account' }).waitFor()

    await people.post('forgot_password', { email: 'ines@example.com' })
    const reset = await people.mail.mailTo('ines@example.com', 'Set a new password')
    await page.goto(linkIn(reset, 'Set a new password'))
    await page.getByLabel('New password').fill(otherPassword)
    await page.getByRole('button', { name: 'Change my password' }).click()
    await page.waitForURL(/\/login/)

    const notice = await people.mail.mailTo('ines@example.com', 'was changed')
    await page.goto(linkIn(notice, 'This was not me'))
    await page.getByRole('button', { name: 'End all sessions' }).click()
    await page.getByRole('heading', { name: 'All sessions ended' }).waitFor()
  })
})
