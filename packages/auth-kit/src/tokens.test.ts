import { request } from 'node:http'
import { JwtVerifier } from 'aws-jwt-verify'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import { AUDIENCE, makeKey, serve, startIssuer } from '../../../tools/testing/token-issuer.ts'
import { ALGORITHMS } from './access-token/algorithms.ts'
import { startApi } from './bearer/api.fixture.ts'
import { createKeySet, requireAccessToken, verifyAccessToken } from './tokens.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
let api: Awaited<ReturnType<typeof startApi>>
const keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg, `key-${alg}`)))

beforeAll(async () => {
  issuer = await startIssuer(keys)
  api = await startApi(requireAccessToken({ ...usual(), scope: 'orders:read' }))
})
afterAll(() => Promise.all([issuer.stop(), api.stop()]))

function usual() {
  return { issuer: issuer.issuer, audience: AUDIENCE, jwks: issuer.jwksUrl }
}

const challenge = (error: string) =>
  `Bearer realm="${AUDIENCE}", error="${error}", scope="orders:read"`

describe('a valid access token', () => {
  it.each(keys)('passes if it is signed with $alg (R46)', async (key) => {
    expect((await api.withToken(await issuer.sign({ key }))).status).toBe(200)
  })

  it('gives the handler its user, client, scopes and claims', async () => {
    const claims = issuer.claims()
    const { body } = await api.withToken(await issuer.sign({ claims }))
    expect(body).toEqual({
      sub: 'ada-1',
      clientId: 'shop',
      scope: ['orders:read', 'orders:write'],
      jti: claims.jti,
      expiresAt: new Date(claims.exp * 1000).toISOString(),
      claims,
    })
  })

  it('may name several audiences if this one is among them (R48)', async () => {
    const token = await issuer.sign({ claims: { aud: ['https://other.example', AUDIENCE] } })
    expect((await api.withToken(token)).status).toBe(200)
  })

  it.each(['at+JWT', 'application/at+jwt'])('may have the type %s', async (typ) => {
    expect((await api.withToken(await issuer.sign({ header: { typ } }))).status).toBe(200)
  })

  it('is valid for aws-jwt-verify, too', async () => {
    const verifier = JwtVerifier.create({
      issuer: issuer.issuer,
      audience: AUDIENCE,
      jwksUri: issuer.jwksUrl,
    })
    verifier.cacheJwks({
      keys: keys.map(({ publicJwk }) => ({ ...publicJwk, kty: publicJwk.kty ?? '' })),
    })
    for (const key of keys) {
      expect((await verifier.verify(await issuer.sign({ key }))).sub).toBe('ada-1')
    }
  })
})

describe('the Authorization header (RFC 6750)', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('accepts the scheme %j', async (scheme) => {
    const authorization = `${scheme} ${await issuer.sign()}`
    expect((await api.ask({ authorization })).status).toBe(200)
  })

  it.each([
    {},
    { authorization: 'Basic c2hvcDpzZWNyZXQ=' },
    { authorization: 'Bearer' },
    { authorization: 'Bearerx' },
  ])('without a token gets 401 and no error code: %j (R56)', async (headers) => {
    const answer = await api.ask(headers)
    expect(answer).toMatchObject({
      status: 401,
      challenge: `Bearer realm="${AUDIENCE}", scope="orders:read"`,
      type: expect.stringContaining('application/problem+json'),
      body: { status: 401, code: 'token_required' },
    })
  })

  it('gets 400 if it is sent twice', async () => {
    const token = `Bearer ${await issuer.sign()}`
    const answer = await askRaw(['Authorization', token, 'authorization', token])
    expect(answer).toEqual({ status: 400, challenge: challenge('invalid_request') })
  })

  it('is the only place for a token: one in the query or a form does not count (R56)', async () => {
    const token = await issuer.sign()
    const inQuery = `/orders?access_token=${token}`
    expect(await api.ask({}, inQuery)).toMatchObject({
      status: 401,
      body: { code: 'token_required' },
    })
    const both = await api.ask({ authorization: `Bearer ${token}` }, inQuery)
    expect(both).toMatchObject({ status: 400, challenge: challenge('invalid_request') })
    const body = new URLSearchParams({ access_token: token })
    expect((await fetch(`${api.url}/orders`, { method: 'POST', body })).status).toBe(401)
  })

  it.each(['not a token', 'a.b', 'a.b.c', 'ä', '{"token":1}'])(
    'gets 401 invalid_token with %j',
    async (something) => {
      const answer = await askRaw(['Authorization', `Bearer ${something}`])
      expect(answer).toEqual({ status: 401, challenge: challenge('invalid_token') })
    },
  )

  /** `fetch` would merge two headers of the same name. */
  function askRaw(headers: string[]): Promise<{ status: number; challenge: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(
        `${api.url}/orders`,
        { headers: ['Host', 'x', ...headers] },
        (answer) => {
          const found = String(answer.headers['www-authenticate'])
          answer
            .resume()
            .on('end', () => resolve({ status: answer.statusCode ?? 0, challenge: found }))
        },
      )
      asked.on('error', reject).end()
    })
  }
})

describe('acr and maxAge', () => {
  it('R74 answers 401 to a sign-in that is not strong or recent enough (RFC 9470)', async () => {
    const strict = await startApi(requireAccessToken({ ...usual(), acr: 'aal2', maxAge: 60 }))
    const now = Math.floor(Date.now() / 1000)
    const ask = async (claims: Record<string, unknown>) =>
      strict.withToken(await issuer.sign({ claims }))
    expect((await ask({ acr: 'aal2', auth_time: now })).status).toBe(200)
    for (const claims of [
      {},
      { acr: 'aal1', auth_time: now },
      { acr: 'aal2' },
      { acr: 'aal2', auth_time: now - 120 },
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await ask(claims)).toMatchObject({
        status: 401,
        body: { code: 'insufficient_user_authentication' },
        challenge: `Bearer realm="${AUDIENCE}", error="insufficient_user_authentication", acr_values="aal2", max_age="60"`,
      })
    }
    await strict.stop()
  })
})

describe('scope', () => {
  it('answers 403 unless the token has every scope of the route (R56)', async () => {
    const guard = requireAccessToken({ ...usual(), scope: 'orders:read orders:write' })
    const strict = await startApi(guard)
    const answer = await strict.withToken(await issuer.sign({ claims: { scope: 'orders:read' } }))
    expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    expect(answer.challenge).toBe(
      `Bearer realm="${AUDIENCE}", error="insufficient_scope", scope="orders:read orders:write"`,
    )
    await strict.stop()
  })

  it.each([undefined, '', 'orders', 'orders:readers', 'Orders:Read'])(
    'does not take %j for orders:read',
    async (scope) => {
      expect((await api.withToken(await issuer.sign({ claims: { scope } }))).status).toBe(403)
    },
  )
})

describe('the times of a token', () => {
  const start = new Date('2026-11-21T10:00:00Z')
  const seconds = start.getTime() / 1000
  const at = (offset: number) => new Date((seconds + offset) * 1000)
  const keySet = () => createKeySet(issuer.jwks())

  async function verify(claims: Record<string, number>, now: Date): Promise<string> {
    const token = await issuer.sign({ claims: { iat: seconds, exp: seconds + 300, ...claims } })
    const options = { issuer: issuer.issuer, audience: AUDIENCE, keys: keySet(), now }
    return verifyAccessToken(token, options).then(
      () => 'good',
      (error: Error) => error.message,
    )
  }

  it('end it 5 s after its exp, with a message that says so (R48)', async () => {
    expect(await verify({}, at(304))).toBe('good')
    expect(await verify({}, at(305))).toBe('The access token has expired.')
  })

  it('start it 5 s before its nbf and iat (R48)', async () => {
    expect(await verify({ nbf: seconds }, at(-5))).toBe('good')
    expect(await verify({ nbf: seconds + 10 }, at(4))).toBe('The access token is not valid here.')
    expect(await verify({}, at(-6))).toBe('The access token is not valid here.')
  })

  it('shift by no more than the clock does: 5 minutes either way (F17)', async () => {
    expect(await verify({}, at(0 + 300))).toBe('good')
    expect(await verify({}, at(10 + 300))).toBe('The access token has expired.')
    expect(await verify({}, at(310 - 300))).toBe('good')
    expect(await verify({}, at(610 - 300))).toBe('The access token has expired.')
  })
})

describe('without jwks and introspect', () => {
  it.each(['', '/', '/auth', '/auth/'])(
    'fetches the keys from /.well-known/jwks.json below the issuer: %j',
    async (path) => {
      const asked: string[] = []
      const auth = await serve((req, res) => {
        asked.push(String(req.url))
        res.end(JSON.stringify(issuer.jwks()))
      })
      const iss = `${auth.url}${path}`
      const own = await startApi(requireAccessToken({ issuer: iss, audience: AUDIENCE }))
      expect((await own.withToken(await issuer.sign({ claims: { iss } }))).status).toBe(200)
      expect(asked).toEqual([`${path.replace(/\/$/, '')}/.well-known/jwks.json`])
      await Promise.all([own.stop(), auth.stop()])
    },
  )
})

describe('passErrors', () => {
  it('passes errors to the error handler of the app', async () => {
    const app = express().use(requireAccessToken({ ...usual(), passErrors: true }))
    app.use(((error, _req, res, _next) => {
      res.status(418).json({ code: error.code, headers: error.headers })
    }) satisfies express.ErrorRequestHandler)
    const server = await serve(app)
    const answer = await fetch(server.url)
    expect(answer.status).toBe(418)
    expect(await answer.json()).toEqual({
      code: 'token_required',
      headers: { 'WWW-Authenticate': `Bearer realm="${AUDIENCE}"` },
    })
    await server.stop()
  })
})

describe('an invalid option', () => {
  const jwks = 'http://127.0.0.1/jwks'
  const good = { issuer: 'https://login.example', audience: AUDIENCE, jwks }

  it.each([
    [{ ...good, issuer: 'login.example' }, 'issuer'],
    [{ ...good, issuer: 'https://login.example?a=1' }, 'issuer'],
    [{ ...good, audience: '' }, 'audience'],
    [{ ...good, audience: 'with "quotes"' }, 'audience'],
    [{ ...good, scope: '' }, 'scope'],
    [{ ...good, scope: 'ä' }, 'scope'],
    [{ ...good, jwks: 'jwks.json' }, 'jwks'],
    [{ ...good, jwks: { keys: [] } }, 'jwks'],
    [
      { ...good, jwks: undefined, introspect: { url: jwks, clientId: 'a', clientSecret: '' } },
      'introspect',
    ],
  ])('throws when the app starts: %j names %s', (options, name) => {
    expect(() => requireAccessToken(options)).toThrow(name)
  })

  it('throws for jwks together with introspect', () => {
    const introspect = { url: jwks, clientId: 'a', clientSecret: 'b' }
    expect(() => Reflect.apply(requireAccessToken, undefined, [{ ...good, introspect }])).toThrow(
      'jwks or introspect',
    )
  })

  it('throws for a key set that contains a secret key (R51)', () => {
    const [key] = keys
    const secret = { ...key?.publicJwk, d: 'c2VjcmV0' }
    expect(() => requireAccessToken({ ...good, jwks: { keys: [secret] } })).toThrow('a secret key')
  })
})
