import { afterAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { cookieOf } from '../../../testing/auth-server.fixture.ts'
import { enrolTotp, unusedCode, userWithTotp } from '../../../testing/factors.fixture.ts'
import { signedIn, userSignedIn } from '../../../testing/signed-in.fixture.ts'
import {
  authorizePath,
  exchange,
  pkce,
  startWithClients,
} from '../../../testing/token-clients.fixture.ts'

const { server, clients } = await startWithClients()
afterAll(() => server.close())

async function authorize(cookie: string, more: Record<string, string>) {
  const { verifier, challenge } = pkce()
  const path = authorizePath(clients.site, challenge, more)
  const answer = await request(server.app).get(path).set('Cookie', cookie).expect(303)
  return { verifier, to: new URL(String(answer.headers.location), 'http://127.0.0.1') }
}

describe('acr_values (RFC 9470 §4)', () => {
  it('R74 leads from one factor to a second one and back, for a token that says so', async () => {
    const user = await server.addUser()
    // This session began before there was a second factor.
    const old = await signedIn(server, user.username)
    const { secret } = await enrolTotp(server, await signedIn(server, user.username))
    const asked = await authorize(old, { acr_values: 'aal2' })
    expect(asked.to.pathname).toBe('/reauthenticate')
    expect(asked.to.searchParams.get('acr')).toBe('aal2')
    const code = await unusedCode(server, user.id, secret)
    const proven = await request(server.app)
      .post('/reauthenticate')
      .set('Cookie', old)
      .send({ code })
      .expect(200)
    const back = String(asked.to.searchParams.get('returnTo'))
    const granted = await request(server.app).get(back).set('Cookie', cookieOf(proven)).expect(303)
    const given = new URL(String(granted.headers.location)).searchParams.get('code') ?? ''
    const tokens = await exchange(server, clients.site, { code: given, verifier: asked.verifier })
    expect(decodeJwt(tokens.body.access_token)).toMatchObject({ acr: 'aal2' })
  })

  it('R74 leads a user without a second factor to set one up', async () => {
    const { cookie } = await userSignedIn(server)
    const { to } = await authorize(cookie, { acr_values: 'aal2' })
    const page = await request(server.app).get(`${to.pathname}${to.search}`).set('Cookie', cookie)
    expect([page.status, page.headers.location]).toEqual([303, '/account/factors'])
  })

  it.each(['aal1 aal2', 'aal1', 'urn:something:else'])(
    '%s asks for no second factor',
    async (acr) => {
      const { cookie } = await userSignedIn(server)
      const { to } = await authorize(cookie, { acr_values: acr })
      expect(to.searchParams.has('code')).toBe(true)
    },
  )

  it('is met by a sign-in with two factors', async () => {
    const { cookie } = await userWithTotp(server)
    const { to } = await authorize(cookie, { acr_values: 'unknown aal2' })
    expect(to.searchParams.has('code')).toBe(true)
  })

  it('is login_required with prompt=none, if it would take a second factor', async () => {
    const { cookie } = await userSignedIn(server)
    const { to } = await authorize(cookie, { acr_values: 'aal2', prompt: 'none' })
    expect(to.searchParams.get('error')).toBe('login_required')
  })

  it('is announced by discovery', async () => {
    const { body } = await request(server.app).get('/.well-known/openid-configuration').expect(200)
    expect(body.acr_values_supported).toEqual(['aal1', 'aal2'])
  })
})
