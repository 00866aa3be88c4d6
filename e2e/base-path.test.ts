import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openBrowser } from './browser.ts'
import { password, startConstellation } from './constellation.fixture.ts'

let site: Awaited<ReturnType<typeof startConstellation>>
let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  ;[site, browser] = await Promise.all([startConstellation({ basePath: '/auth/' }), openBrowser()])
  await site.addUser('ada')
}, 60_000)
afterAll(async () => {
  await browser.close()
  await site.stop()
})

describe('BASE_PATH=/auth/', () => {
  it('applies to every link, form, redirect and file, from the guarded page and back', async () => {
    const page = await browser.newPage()
    const strays: string[] = []
    page.on('request', (sent) => {
      const isHere = sent.url().startsWith(new URL(site.authUrl).origin)
      if (isHere && !sent.url().startsWith(site.authUrl)) strays.push(sent.url())
    })
    const failures: string[] = []
    page.on('response', (answer) => {
      if (answer.status() >= 400) failures.push(answer.url())
    })

    await page.goto(`${site.productUrl}/dashboard`)
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(`${site.productUrl}/dashboard`)
    await page.goto(site.authUrl)
    expect(page.url()).toBe(`${site.authUrl}account`)
    for (const link of await page.locator('a[href^="/"], form').all()) {
      const target = (await link.getAttribute('href')) ?? (await link.getAttribute('action'))
      expect(target).toMatch(/^\/auth\//)
    }
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${site.authUrl}login`)
    expect([strays, failures]).toEqual([[], []])
  })

  it('serves nothing outside it', async () => {
    const origin = new URL(site.authUrl).origin
    expect((await fetch(`${origin}/login`)).status).toBe(404)
  })

  it('sets the cookie for the whole host, so that the product server gets it', async () => {
    const answer = await fetch(`${site.authUrl}login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password }),
    })
    expect(answer.headers.get('set-cookie')).toContain('Path=/;')
  })
})
