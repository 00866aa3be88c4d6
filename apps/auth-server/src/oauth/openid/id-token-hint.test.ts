import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { signedIn, userSignedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClient,
  callback,
  pairByCode,
  redirectOf,
  type TestClient,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'

let server: TestServer
let site: TestClient
const scope = 'openid'

beforeAll(async () => {
  server = await startTestApp()
  site = await addTestClient(server, { kind: 'site', redirectUris: [callback], scopes: [scope] })
})
afterAll(() => server.close())

/** A user who is signed in, and an id_token about them. */
async function userWithIdToken() {
  const { user, cookie } = await userSignedIn(server)
  const { id_token: idToken } = await pairByCode(server, site, cookie, { scope })
  return { username: user.username, cookie, idToken }
}

/** How the client is answered: with a `code` or an `error`. */
async function answerTo(
  hint: string,
  { cookie, at = server, client = site }: { cookie: string; at?: TestServer; client?: TestClient },
) {
  const more = { scope, id_token_hint: hint }
  const { searchParams } = await redirectOf(at, { client, cookie, more })
  return searchParams.has('code') ? 'code' : searchParams.get('error')
}

describe('id_token_hint at /oauth/authorize (OpenID Connect Core §3.1.2.1)', () => {
  it('(R80) must name the signed-in user (oidcc-id-token-hint)', async () => {
    const { cookie, idToken } = await userWithIdToken()
    expect(await answerTo(idToken, { cookie })).toBe('code')
    const { cookie: eve } = await userSignedIn(server)
    expect(await answerTo(idToken, { cookie: eve })).toBe('login_required')
  })

  it('(R80) is refused if another client received it', async () => {
    const { cookie, idToken } = await userWithIdToken()
    const own = { kind: 'site', redirectUris: [callback], scopes: [scope], idTokenAlg: 'ES256' }
    const client = await addTestClient(server, own)
    expect(await answerTo(idToken, { cookie, client })).toBe('invalid_request')
  })

  it('(R80) is refused if its signature is forged', async () => {
    const { cookie, idToken } = await userWithIdToken()
    const { privateKey } = await generateKeyPair('RS256')
    const head = { ...decodeProtectedHeader(idToken), alg: 'RS256' }
    const forged = new SignJWT(decodeJwt(idToken)).setProtectedHeader(head)
    expect(await answerTo(await forged.sign(privateKey), { cookie })).toBe('invalid_request')
  })

  it('(R80) is refused if another issuer signed it, even with the same key', async () => {
    const { username, idToken } = await userWithIdToken()
    const at = await startTestApp({ PUBLIC_URL: 'http://localhost' }, { beside: server })
    try {
      const cookie = await signedIn(at, username)
      expect(await answerTo(idToken, { cookie, at })).toBe('invalid_request')
    } finally {
      await at.close()
    }
  })
})
