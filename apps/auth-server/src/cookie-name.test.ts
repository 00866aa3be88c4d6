import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../testing/auth-server.fixture.ts'
import { sessionStatus, userSignedIn } from '../testing/signed-in.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>

const domain = { PUBLIC_URL: 'https://login.shop.example', COOKIE_DOMAIN: 'shop.example' }
const shared = { ...domain, SESSION_SECRETS: 'one secret that was copied to the other system, too' }

let production: Server
let staging: Server
let unnamed: Server
beforeAll(async () => {
  production = await startTestApp(shared)
  staging = await startTestApp({ ...shared, COOKIE_NAME: 'staging' })
  unnamed = await startTestApp(shared)
})
afterAll(() => Promise.all([production, staging, unnamed].map((server) => server.close())))

/** What one browser sends to both of two systems under one domain. */
async function signedInToBoth(other: Server): Promise<string> {
  const both = await Promise.all([production, other].map((server) => userSignedIn(server)))
  return both.map(({ cookie }) => cookie).join('; ')
}

describe('two systems under one domain', () => {
  it('know the same browser side by side if COOKIE_NAME differs', async () => {
    const cookie = await signedInToBoth(staging)
    expect(cookie).toMatch(/^__Secure-session=.*; __Secure-staging=/)
    expect(await sessionStatus(production, cookie)).toBe(200)
    expect(await sessionStatus(staging, cookie)).toBe(200)
    await request(staging.app).post('/logout').set('Cookie', cookie).expect(200)
    expect(await sessionStatus(staging, cookie)).toBe(401)
    expect(await sessionStatus(production, cookie)).toBe(200)
  })

  it('tell the browser to ask for COOKIE_NAME if it is the same', async () => {
    const cookie = await signedInToBoth(unnamed)
    const visit = request(production.app).get('/account').set('Accept', 'text/html')
    const answer = await visit.set('Cookie', cookie).expect(401)
    expect(answer.text).toContain('COOKIE_NAME')
  })
})
