import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Express } from 'express'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { ADA, cookieOf, pause, sessionIdOf, startTestApp } from '../test-app.fixture.ts'

const BOB = { ...ADA, id: 'bob-2', username: 'bob', email: 'bob@example.com' }
const users: Record<string, typeof ADA> = { ada: ADA, bob: BOB }

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
let plain: Awaited<ReturnType<typeof startTestApp>>

function addRoutes(app: Express): void {
  // A sign-in that takes its time, as hashing a password does.
  app.post('/sign-in/:name', (req, res, next) => {
    const { after = '0', keep, field } = req.query
    if (typeof field === 'string') Object.assign(req.session, { [field]: 'by the sign-in' })
    const options = { session: true, keepSessionInfo: keep !== undefined }
    setTimeout(
      () =>
        req.logIn(users[req.params.name] ?? ADA, options, (error) =>
          error ? next(error) : res.json({}),
        ),
      Number(after),
    )
  })
  app.post('/sign-out', (req, res, next) =>
    req.logout((error) => (error ? next(error) : res.json({}))),
  )
  app.post('/forget', (req, res) => {
    Reflect.deleteProperty(req.session, 'cart')
    res.json({})
  })
}

beforeAll(async () => {
  services = await testRedis()
  const options = { ...services, publicUrl: 'http://localhost', routes: addRoutes }
  app = await startTestApp({ ...options, keepOnSignIn: ['cart', 'lang'] })
  plain = await startTestApp(options)
})
afterAll(async () => {
  await Promise.all([app.close(), plain.close()])
  await services.close()
})

const post = (path: string, cookie: string) => app.send('POST', path, { cookie })

async function visitor(fields: string): Promise<string> {
  return cookieOf(await app.send('POST', `/fields?${fields}`))
}

/** What an app keeps in that session. */
async function contentOf(cookie: string) {
  const session = await app.store.getSession(sessionIdOf(cookie))
  const { cookie: _, authKit, passport, ...content } = session ?? { cookie: undefined }
  return { user: passport?.user?.id, ...content }
}

describe('the option keepOnSignIn', () => {
  it('R22 keeps the named fields of a visitor who signs in, and no other', async () => {
    const cookie = cookieOf(await post('/sign-in/ada', await visitor('cart=tea&campaign=spring')))
    expect(await contentOf(cookie)).toEqual({ user: ADA.id, cart: 'tea' })
  })

  it('R22 keeps nothing by default', async () => {
    const answer = await plain.send('POST', '/sign-in/ada', { cookie: await visitor('cart=tea') })
    expect(await contentOf(cookieOf(answer))).toEqual({ user: ADA.id })
  })

  it('keeps them for the same user, and nothing for another one (R67)', async () => {
    const ada = cookieOf(await post('/sign-in/ada', await visitor('cart=tea')))
    const again = cookieOf(await post('/sign-in/ada', ada))
    expect(await contentOf(again)).toEqual({ user: ADA.id, cart: 'tea' })
    const bob = cookieOf(await post('/sign-in/bob', again))
    expect(await contentOf(bob)).toEqual({ user: BOB.id })
  })

  it('keeps nothing at a sign-out', async () => {
    const ada = cookieOf(await post('/sign-in/ada', await visitor('cart=tea')))
    const nobody = cookieOf(await post('/sign-out', ada)) || ada
    expect(await contentOf(nobody)).toEqual({ user: undefined })
  })

  it.each(['cookie', 'passport', 'authKit'])('refuses %s at start', async (name) => {
    const start = startTestApp({ ...services, keepOnSignIn: [name] })
    await expect(start).rejects.toThrow(`keepOnSignIn: the session keeps ${name} for itself`)
  })
})

describe('a sign-in while other requests write to the session', () => {
  it('R88 keeps what they stored before the old session ended', async () => {
    const cookie = await visitor('cart=tea&lang=en')
    const signingIn = post('/sign-in/ada?after=150&field=lang', cookie)
    await pause(50)
    expect((await post('/fields?cart=cake', cookie)).status).toBe(200)
    const kept = await contentOf(cookieOf(await signingIn))
    expect(kept).toEqual({ user: ADA.id, cart: 'cake', lang: 'by the sign-in' })
  })

  it('R88 does not bring back what they removed', async () => {
    const cookie = await visitor('cart=tea&lang=en')
    const signingIn = post('/sign-in/ada?after=150', cookie)
    await pause(50)
    expect((await post('/forget', cookie)).status).toBe(200)
    expect(await contentOf(cookieOf(await signingIn))).toEqual({ user: ADA.id, lang: 'en' })
  })

  it('R88 keeps it with Passport’s keepSessionInfo, too', async () => {
    const cookie = await visitor('campaign=spring')
    const signingIn = post('/sign-in/ada?after=150&keep', cookie)
    await pause(50)
    expect((await post('/fields?campaign=summer&size=12', cookie)).status).toBe(200)
    const kept = await contentOf(cookieOf(await signingIn))
    expect(kept).toEqual({ user: ADA.id, campaign: 'summer', size: '12' })
  })

  it('R88 answers a later write with 409', async () => {
    const cookie = await visitor('cart=tea')
    const writing = post('/fields?cart=late&after=150', cookie)
    await pause(50)
    const signedIn = cookieOf(await post('/sign-in/ada', cookie))
    const { status, text } = await writing
    expect({ status, code: JSON.parse(text).code }).toEqual({ status: 409, code: 'session_ended' })
    expect(await contentOf(signedIn)).toEqual({ user: ADA.id, cart: 'tea' })
  })

  it('R88 loses no write that was answered 200, however they race', async () => {
    for (let round = 0; round < 40; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const cookie = await visitor('cart=tea')
      const signingIn = post('/sign-in/ada', cookie)
      const writing = post(`/fields?cart=cake&after=${round % 5}`, cookie)
      // oxlint-disable-next-line no-await-in-loop
      const [signedIn, written] = await Promise.all([signingIn, writing])
      // A write that found the session ended began another one.
      if (!['', cookie].includes(cookieOf(written))) continue
      // oxlint-disable-next-line no-await-in-loop
      const { cart } = Object(await contentOf(cookieOf(signedIn)))
      const { status } = written
      expect({ round, status, cart }).toEqual(
        status === 200 ? { round, status, cart: 'cake' } : { round, status: 409, cart: 'tea' },
      )
    }
  })
})
