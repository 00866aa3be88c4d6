import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openBrowser } from './browser.ts'
import { password, startConstellation } from './constellation.fixture.ts'

let shop: Awaited<ReturnType<typeof startRedirectingShop>>
let site: Awaited<ReturnType<typeof startConstellation>>
let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  shop = await startRedirectingShop()
  const env = { RETURN_TO_ORIGINS: shop.origin }
  ;[site, browser] = await Promise.all([startConstellation({ env }), openBrowser()])
  await site.addUser('ada')
}, 60_000)
afterAll(async () => {
  await browser.close()
  await site.stop()
  shop.close()
})

/** A listed origin that sends the browser on to another one. */
async function startRedirectingShop() {
  const server = createServer((req, res) => {
    const moved = `http://localhost:${portOf(server)}/moved`
    if (req.url === '/moved') res.setHeader('Content-Type', 'text/html').end('<h1>Moved shop</h1>')
    else res.writeHead(302, { Location: moved }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { origin: `http://127.0.0.1:${portOf(server)}`, close }
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

// Chromium holds every redirect that follows a form to the form-action of its page.
describe('a sign-in', () => {
  it('arrives where its return address redirects to', async () => {
    const page = await browser.newPage()
    const returnTo = encodeURIComponent(`${shop.origin}/old`)
    await page.goto(`${site.authUrl}login?returnTo=${returnTo}`)
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Moved shop' }).waitFor()
  })
})

describe('a form of an app', () => {
  it('leads to the sign-in page when the session has ended meanwhile', async () => {
    const page = await browser.newPage()
    await page.goto(site.productUrl)
    await page
      .getByRole('button', { name: /Add .*to cart/i })
      .first()
      .click()
    await page.goto(`${site.authUrl}login`)
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(`${site.authUrl}account`)
    await page.goto(`${site.productUrl}/dashboard`)
    await page.request.post(`${site.authUrl}logout`)
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.getByLabel('Password').waitFor()
    expect(page.url()).toContain(`${site.authUrl}login`)
  })
})
