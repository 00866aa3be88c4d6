import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { expectAccessible, openBrowser } from './browser.ts'
import { password, startConstellation } from './constellation.fixture.ts'

const folder = fileURLToPath(new URL('../examples/app-shell/', import.meta.url))
const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

let authServer = ''
let cdn: Server
let silent: Server
let site: Awaited<ReturnType<typeof startConstellation>>
let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  cdn = createServer((req, res) => void serveFile(req.url ?? '/', res))
  silent = createServer(() => undefined)
  await Promise.all([listen(cdn), listen(silent)])
  const env = { CORS_ORIGINS: originOf(cdn), RETURN_TO_ORIGINS: originOf(cdn) }
  ;[site, browser] = await Promise.all([startConstellation({ env }), openBrowser()])
  await site.addUser('ada')
}, 60_000)
afterEach(() => browser.closePages())
afterAll(async () => {
  await browser.close()
  await site.stop()
  for (const server of [cdn, silent]) {
    server.close()
    server.closeAllConnections()
  }
})

async function listen(server: Server): Promise<void> {
  server.listen(0)
  await once(server, 'listening')
}

function originOf(server: Server): string {
  const address = server.address()
  return `http://localhost:${typeof address === 'object' ? address?.port : 0}`
}

/** Serves the page as deployed, with the address of its auth server. */
async function serveFile(path: string, res: ServerResponse): Promise<void> {
  const name = path === '/' ? 'index.html' : path.slice(1)
  const text = await readFile(folder + name, 'utf8')
  res.setHeader('Content-Type', types[name.split('.')[1] ?? ''] ?? 'text/plain')
  res.end(text.replace('http://localhost:3000/', authServer))
}

async function open(auth = site.authUrl): Promise<Page> {
  authServer = auth
  const page = await browser.newPage()
  await page.goto(originOf(cdn))
  return page
}

async function signInFrom(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Welcome aboard, ada' }).waitFor()
}

describe('an app shell on another origin', () => {
  it('shows visitors the landing page, and the app after signing in', async () => {
    const page = await open()
    await page.getByRole('heading', { name: 'Harbour' }).waitFor()
    expect(await page.getByText('We cannot tell').isVisible()).toBe(false)
    await expectAccessible(page)
    await signInFrom(page)
    expect(page.url()).toBe(`${originOf(cdn)}/`)
    await expectAccessible(page)
    await page.reload()
    await page.getByRole('heading', { name: 'Welcome aboard, ada' }).waitFor()
  })

  it('signs out, here and everywhere', async () => {
    const page = await open()
    await signInFrom(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Harbour' }).waitFor()
    expect((await page.request.get(`${site.productUrl}/me`)).status()).toBe(401)
  })

  it('shows the landing page if the auth server does not answer in time', async () => {
    const start = performance.now()
    const page = await open(`${originOf(silent)}/`)
    await page.getByText('One moment').waitFor()
    await page.getByText('We cannot tell whether you are signed in').waitFor()
    expect(performance.now() - start).toBeLessThan(5000)
    await expectAccessible(page)
  })

  it('shows the landing page if the auth server is down or failing', async () => {
    const page = await open('http://localhost:1/')
    await page.getByText('We cannot tell whether you are signed in').waitFor()
    await page.route('**/session', (route) => route.fulfill({ status: 503 }))
    await page.reload()
    await page.getByText('We cannot tell whether you are signed in').waitFor()
  })

  it('learns nothing if its origin is not listed', async () => {
    const page = await open()
    await signInFrom(page)
    const stranger = createServer((_req, res) => res.end('<!doctype html>')).listen(0)
    await once(stranger, 'listening')
    await page.goto(originOf(stranger))
    const asked = await page.evaluate(async (url) => {
      const answer = await fetch(url, { credentials: 'include' }).catch(() => undefined)
      return answer?.status ?? 'refused'
    }, `${site.authUrl}session`)
    stranger.close()
    stranger.closeAllConnections()
    expect(asked).toBe('refused')
  })
})
