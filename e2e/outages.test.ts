import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOwnMongo } from '../tools/services/own-instances.ts'
import { expectAccessible, openBrowser } from './browser.ts'
import { password, startConstellation } from './constellation.fixture.ts'
import { signIn as signInAs } from './people.fixture.ts'

let mongo: Awaited<ReturnType<typeof startOwnMongo>>
let browser: Awaited<ReturnType<typeof openBrowser>>
let site: Awaited<ReturnType<typeof startConstellation>>

beforeAll(async () => {
  browser = await openBrowser()
  mongo = await startOwnMongo()
  site = await startConstellation({ mongoUrl: `${mongo.url.replace(/\/$/, '')}/auth` })
  await site.addUser('ada')
}, 120_000)
afterAll(async () => {
  await browser.close()
  await site.stop()
  await mongo.stop()
})

async function signIn(): Promise<Response> {
  return fetch(`${site.authUrl}login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'ada', password }),
    signal: AbortSignal.timeout(5000),
  })
}

async function cookie(): Promise<string> {
  return (await signIn()).headers.get('set-cookie')?.split(';')[0] ?? ''
}

function me(cookie: string): Promise<Response> {
  return fetch(`${site.productUrl}/me`, { headers: { cookie }, signal: AbortSignal.timeout(5000) })
}

async function timed<Result>(work: Promise<Result>): Promise<{ result: Result; ms: number }> {
  const start = performance.now()
  return { result: await work, ms: performance.now() - start }
}

describe('while MongoDB is down', () => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'product-server keeps serving signed-in users, and signing in answers 503 within 2 s (%s)',
    async (signal) => {
      const session = await cookie()
      if (signal === 'SIGKILL') await mongo.kill('SIGKILL')
      else mongo.pause()
      const { result, ms } = await timed(signIn())
      const known = await me(session)

      if (signal === 'SIGKILL') await mongo.restart()
      else mongo.resume()
      expect(known.status).toBe(200)
      expect(result.status).toBe(503)
      expect(result.headers.get('retry-after')).not.toBeNull()
      expect(await result.json()).toMatchObject({ code: 'temporarily_unavailable' })
      expect(ms).toBeLessThan(2500)
      await untilOk(signIn)
    },
    30_000,
  )
})

describe('a user who deletes the account while MongoDB is down', () => {
  it('learns that this cannot be done now, and does it later', async () => {
    await site.addUser('dora')
    const page = await browser.newPage()
    await page.goto(`${site.authUrl}login`)
    await signInAs(page, 'dora')
    await page.getByRole('heading', { name: 'Your account' }).waitFor()
    await page.goto(`${site.authUrl}account/delete`)

    mongo.pause()
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Delete my account' }).click()
    expect((await answer).status()).toBe(503)
    await page.getByText('You cannot delete your account at this time').waitFor()
    await page.getByText('cannot_delete_now').waitFor()
    await expectAccessible(page)

    mongo.resume()
    await untilOk(signIn)
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Delete my account' }).click()
    await page.waitForURL(/\/login/)
    expect(await page.getByRole('status').innerText()).toContain('Your account is deleted')
    await page.context().close()
  }, 60_000)
})

describe('while Redis is down', () => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'R62 F1 F2 C4 both servers answer 503, never "not signed in", and recover by themselves (%s)',
    async (signal) => {
      const session = await cookie()
      if (signal === 'SIGKILL') await site.redis.kill('SIGKILL')
      else site.redis.pause()
      const answers = await Promise.all([timed(signIn()), timed(me(session))])

      if (signal === 'SIGKILL') await site.redis.restart()
      else site.redis.resume()
      for (const { result, ms } of answers) {
        expect(result.status).toBe(503)
        expect(result.headers.get('retry-after')).not.toBeNull()
        expect(ms).toBeLessThan(600)
      }
      const back = await timed(untilOk(() => me(session)))
      expect(back.ms).toBeLessThan(2000)
      await untilOk(signIn)
    },
    30_000,
  )

  it('the public page still works', async () => {
    const session = await cookie()
    await site.redis.kill('SIGKILL')
    const page = await fetch(site.productUrl, { headers: { cookie: session, accept: 'text/html' } })
    await site.redis.restart()
    expect(page.status).toBe(200)
    await untilOk(signIn)
  })
})

async function untilOk(ask: () => Promise<Response>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await ask().catch(() => undefined))?.ok) {
    if (Date.now() > deadline) throw new Error('not back after 10 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
