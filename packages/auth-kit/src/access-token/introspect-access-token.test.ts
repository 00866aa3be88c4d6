import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { startApi } from '../bearer/api.fixture.ts'
import { requireAccessToken } from '../tokens.ts'
import { AUDIENCE, makeKey, serve, startIssuer } from '../../../../tools/testing/token-issuer.ts'

const SECRET = 'a secret: with a colon & an umlaut ä'
const key = await makeKey('EdDSA', 'first')

type Asked = { method: string; authorization: string; type: string; body: string }

let issuer: Awaited<ReturnType<typeof startIssuer>>
let auth: Awaited<ReturnType<typeof serve>>
let api: Awaited<ReturnType<typeof startApi>>
let asked: Asked[]
let reply: { status: number; body: unknown } | 'silence'

beforeAll(async () => {
  issuer = await startIssuer([key])
  auth = await serve((req, res) => {
    void text(req).then((body) => answer(req, body, res))
  })
  function answer(req: IncomingMessage, body: string, res: ServerResponse): void {
    const { authorization = '', 'content-type': type = '' } = req.headers
    asked.push({ method: req.method ?? '', authorization, type, body })
    if (reply === 'silence') return
    res.writeHead(reply.status, { 'Content-Type': 'application/json' })
    res.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  }
  const introspect = {
    url: `${auth.url}/oauth/introspect`,
    clientId: 'orders',
    clientSecret: SECRET,
  }
  const options = { issuer: issuer.issuer, audience: AUDIENCE, introspect }
  api = await startApi(requireAccessToken({ ...options, scope: 'orders:read' }))
})
afterAll(() => Promise.all([issuer.stop(), auth.stop(), api.stop()]))
beforeEach(() => {
  asked = []
  reply = { status: 200, body: { active: true, ...issuer.claims() } }
})
afterEach(() => auth.start().catch(() => undefined))

describe('introspect', () => {
  it('sends the token to the auth server with the credentials of the API (RFC 7662)', async () => {
    const token = await issuer.sign()
    const { status, body } = await api.withToken(token)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      sub: 'ada-1',
      clientId: 'shop',
      scope: ['orders:read', 'orders:write'],
    })
    const [question] = asked
    const credentials = `orders:${encodeURIComponent(SECRET)}`
    expect(question).toMatchObject({
      method: 'POST',
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      type: expect.stringContaining('application/x-www-form-urlencoded'),
    })
    expect(new URLSearchParams(question?.body).get('token')).toBe(token)
  })

  it('refuses a token as soon as it is no longer active', async () => {
    const token = await issuer.sign()
    expect((await api.withToken(token)).status).toBe(200)
    reply = { status: 200, body: { active: false } }
    const answer = await api.withToken(token)
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    expect(answer.challenge).toContain('error="invalid_token"')
  })

  it('says that a token has expired if the auth server says so', async () => {
    reply = { status: 200, body: { active: false, reason: 'expired' } }
    const { body } = await api.withToken(await issuer.sign())
    expect(body.detail).toBe('The access token has expired.')
  })

  it('still checks the scope (R56)', async () => {
    reply = { status: 200, body: { active: true, ...issuer.claims(), scope: 'profile' } }
    expect((await api.withToken(await issuer.sign())).status).toBe(403)
  })

  it.each([
    { aud: 'https://other.example' },
    { aud: undefined },
    { iss: 'https://other.example' },
    { sub: undefined },
    { client_id: 7 },
    { exp: 'tomorrow' },
    { scope: ['orders:read'] },
  ])('refuses an active token with a wrong or malformed claim: %j', async (change) => {
    reply = { status: 200, body: { active: true, ...issuer.claims(), ...change } }
    expect((await api.withToken(await issuer.sign())).status).toBe(401)
  })

  it('refuses other tokens by their header, such as refresh tokens, and sends them nowhere (R50)', async () => {
    const refreshToken = await issuer.sign({ header: { typ: 'rt+jwt' } })
    for (const token of [refreshToken, 'a.b.c', 'opaque']) {
      expect((await api.withToken(token)).status).toBe(401)
    }
    expect(asked).toEqual([])
  })
})

describe('introspect, while the auth server is down', () => {
  async function expectUnavailable(): Promise<void> {
    const start = performance.now()
    const answer = await api.withToken(await issuer.sign())
    expect(answer).toMatchObject({
      status: 503,
      retryAfter: '1',
      challenge: null,
      body: { code: 'tokens_unavailable' },
    })
    expect(performance.now() - start).toBeLessThan(1500)
  }

  it('answers 503 if the connection is refused', async () => {
    await auth.stop()
    await expectUnavailable()
  })

  it('answers 503 after a second without an answer', async () => {
    reply = 'silence'
    await expectUnavailable()
  })

  it.each([
    [401, { code: 'invalid_client' }],
    [500, ''],
    [200, '<html>'],
    [200, {}],
    [200, { active: 'true' }],
    [200, null],
    [201, { active: true }],
    [302, ''],
  ])('answers 503 to a status of %d with the body %j', async (status, body) => {
    reply = { status, body }
    await expectUnavailable()
  })
})
