import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { userSignedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClient,
  authorizePath,
  pkce,
  type TestClient,
} from '../../../testing/token-clients.fixture.ts'

const uris = [
  'https://shop.example',
  'https://shop.example/cb?next=a%20b&flag&x=%2Fy~(1)',
  'https://shop.example/cb?',
  'https://shop.example/cb?state=mine&code=own&',
]
const expected = [
  'https://shop.example?code=',
  'https://shop.example/cb?next=a%20b&flag&x=%2Fy~(1)&code=',
  'https://shop.example/cb?code=',
  'https://shop.example/cb?state=mine&code=own&code=',
]
const cases = uris.map((uri, at) => [uri, expected[at] ?? ''] as const)

let server: Awaited<ReturnType<typeof startTestApp>>
let client: TestClient
let cookie: string

beforeAll(async () => {
  server = await startTestApp()
  client = await addTestClient(server, {
    kind: 'site',
    redirectUris: uris,
    postLogoutRedirectUris: uris,
  })
  cookie = (await userSignedIn(server)).cookie
})
afterAll(() => server.close())

describe('the query of a registered redirect URI (RFC 6749 §3.1.2)', () => {
  it.each(cases)('stays as it is written in a redirect: %s', async (redirect_uri, start) => {
    const path = authorizePath(client, pkce().challenge, { redirect_uri })
    const { headers } = await request(server.app).get(path).set('Cookie', cookie).expect(303)
    expect(headers.location?.slice(0, start.length)).toBe(start)
  })

  it.each(cases)('stays as it is written after a form: %s', async (redirect_uri, start) => {
    const path = authorizePath(client, pkce().challenge, { redirect_uri })
    const visit = request(server.app).get(path).set('Cookie', cookie)
    const { headers } = await visit.set('Sec-Fetch-Site', 'same-origin').expect(200)
    expect(headers.refresh?.slice(0, `0;url=${start}`.length)).toBe(`0;url=${start}`)
  })

  it.each(cases)('stays as it is written after a sign-out: %s', async (uri, start) => {
    const query = { client_id: client.id, post_logout_redirect_uri: uri, state: 'a b' }
    const { headers } = await request(server.app).get('/oauth/logout').query(query).expect(200)
    expect(headers.refresh).toBe(`0;url=${start.replace(/code=$/, 'state=a+b')}`)
  })
})
