import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ALGORITHMS } from './access-token/algorithms.ts'
import { AUDIENCE, makeKey, startIssuer } from '../../../tools/testing/token-issuer.ts'
import { createAuthorizer } from './lambda.ts'
import { asPolicy } from './lambda/as-policy.fixture.ts'
import {
  arnOf,
  httpEvent,
  isAllowed,
  kinds,
  restRequestEvent,
  restTokenEvent,
} from '../../../tools/testing/authorizer-events.ts'

const routes = [
  { scope: 'orders:read', method: 'GET', path: '/orders' },
  { scope: 'orders:read', method: 'GET', path: '/orders/*' },
  { scope: 'orders:write', method: '*', path: '/orders/*/lines' },
  { scope: 'orders:write admin', method: 'DELETE', path: '/orders/*' },
]

let issuer: Awaited<ReturnType<typeof startIssuer>>
const keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg, `key-${alg}`)))
beforeAll(async () => {
  issuer = await startIssuer(keys)
})
afterAll(() => issuer.stop())

function authorizer(answers: 'iam' | 'simple' = 'iam') {
  const { issuer: name, jwksUrl } = issuer
  return createAuthorizer({ issuer: name, audience: AUDIENCE, jwks: jwksUrl, routes, answers })
}

/** Paths that an API behind the gateway may read as `/admin`. */
const ambiguous = [
  '/orders/../admin',
  '/orders/..',
  '/orders/./17',
  '/orders/.',
  '/orders/%2e%2e/admin',
  '/orders/%2E./admin',
  '/orders/..%2fadmin',
  '/orders/..%2Fadmin',
  '/orders/..%5cadmin',
  '/orders/..%5Cadmin',
  String.raw`/orders/..\admin`,
  '/orders/%252e%252e/admin',
]

const context = { sub: 'ada-1', scope: 'orders:read', client: 'shop' }

describe.each(kinds)('$kind', ({ event, stage }) => {
  it.each(keys)('answers a valid $alg token with a policy and its context', async (key) => {
    const token = await issuer.sign({ key, claims: { scope: 'orders:read' } })
    const answer = asPolicy(await authorizer()(event({ token })))
    expect(answer).toMatchObject({ principalId: 'ada-1', context })
    expect(isAllowed(answer, arnOf('GET', '/orders', stage))).toBe(true)
  })

  it('gives a policy that can be cached: it is right for every route (C15)', async () => {
    const token = await issuer.sign({ claims: { scope: 'orders:read' } })
    const answer = asPolicy(await authorizer()(event({ token, path: '/orders' })))
    const asked = [
      ['GET', '/orders/17', true],
      ['GET', '/orders/17/lines', true],
      ['POST', '/orders/17/lines', false],
      ['DELETE', '/orders/17', false],
      ['GET', '/orders2', false],
      ['GET', '/', false],
      ['GET', '/admin', false],
      ['POST', '/orders', false],
    ] as const
    for (const [method, path, expected] of asked) {
      expect([path, isAllowed(answer, arnOf(method, path, stage))]).toEqual([path, expected])
    }
    expect(isAllowed(answer, arnOf('GET', '/orders', 'other-stage'))).toBe(false)
    const elsewhere = await authorizer()(event({ token, path: '/admin' }))
    expect(elsewhere).toEqual(answer)
  })

  it('C15 denies ambiguous paths, even with a cached policy', async () => {
    const token = await issuer.sign({ claims: { scope: 'orders:read' } })
    const kept = asPolicy(await authorizer()(event({ token, path: '/orders/17' })))
    for (const path of ambiguous) {
      expect([path, isAllowed(kept, arnOf('GET', path, stage))]).toEqual([path, false])
      // oxlint-disable-next-line no-await-in-loop
      const asked = asPolicy(await authorizer()(event({ token, path })))
      expect([path, isAllowed(asked, arnOf('GET', path, stage))]).toEqual([path, false])
    }
    for (const path of ['/orders/a.b', '/orders/a..b', '/orders/.well-known', '/orders/%20'])
      expect([path, isAllowed(kept, arnOf('GET', path, stage))]).toEqual([path, true])
  })

  it('ends the policy with the token (C15)', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60
    const token = await issuer.sign({ claims: { exp } })
    const answer = asPolicy(await authorizer()(event({ token })))
    const arn = arnOf('GET', '/orders', stage)
    expect(isAllowed(answer, arn, new Date(exp * 1000 - 1))).toBe(true)
    expect(isAllowed(answer, arn, new Date(exp * 1000))).toBe(false)
  })

  it('denies everything to a valid token that opens no route', async () => {
    const token = await issuer.sign({ claims: { scope: 'profile' } })
    const answer = asPolicy(await authorizer()(event({ token })))
    expect(answer.policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Deny', Resource: [arnOf('*', '', stage)] },
    ])
  })
})

describe('an invalid or missing token', () => {
  const bad = async () => [undefined, 'a.b.c', await issuer.sign({ claims: { aud: 'other' } })]

  it.each([restTokenEvent, restRequestEvent])(
    'throws Unauthorized for a REST API: %p',
    async (event) => {
      for (const token of await bad()) {
        await expect(authorizer()(event({ token }))).rejects.toThrow(/^Unauthorized$/)
      }
    },
  )

  it('gets an IAM answer that denies everything', async () => {
    for (const token of await bad()) {
      const answer = asPolicy(await authorizer()(httpEvent({ token })))
      expect(isAllowed(answer, arnOf('GET', '/orders', '$default'))).toBe(false)
      expect(answer.policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }])
      expect(answer.context).toBeUndefined()
    }
  })

  it('gets a simple answer that refuses it', async () => {
    for (const token of await bad()) {
      expect(await authorizer('simple')(httpEvent({ token }))).toEqual({ isAuthorized: false })
    }
  })

  it('includes two Authorization headers, in whatever case the name is', async () => {
    const token = `Bearer ${await issuer.sign()}`
    const event = restRequestEvent({})
    const headers = { Authorization: token }
    const twice = { ...event, headers, multiValueHeaders: { Authorization: [token, token] } }
    await expect(authorizer()(twice)).rejects.toThrow('Unauthorized')
    const lower = { ...event, headers: { aUTHORIZATION: token }, multiValueHeaders: null }
    expect(asPolicy(await authorizer()(lower)).principalId).toBe('ada-1')
  })
})

describe('simple answers of an HTTP API', () => {
  it.each([
    ['GET', '/orders', true],
    ['GET', '/orders/17', true],
    ['HEAD', '/orders', false],
    ['POST', '/orders', false],
    ['GET', '/orders/../admin', false],
    ['GET', '/orders/%2e%2E/admin', false],
    ['GET', '/admin/orders', false],
  ])('authorize %s %s with orders:read: %s', async (method, path, isAuthorized) => {
    const token = await issuer.sign({ claims: { scope: 'orders:read' } })
    const answer = { isAuthorized, context }
    expect(await authorizer('simple')(httpEvent({ token, method, path }))).toEqual(answer)
    const staged = httpEvent({ token, method, path, stage: 'dev' })
    expect(await authorizer('simple')(staged)).toEqual(answer)
  })

  it('require every scope of a route', async () => {
    const ask = async (scope: string) =>
      authorizer('simple')(
        httpEvent({
          token: await issuer.sign({ claims: { scope } }),
          method: 'DELETE',
          path: '/orders/1',
        }),
      )
    expect(await ask('orders:write')).toMatchObject({ isAuthorized: false })
    expect(await ask('admin orders:write')).toMatchObject({ isAuthorized: true })
  })
})

describe('jwks', () => {
  it('needs no network if the keys are given at deploy time', async () => {
    const name = 'https://login.example'
    const { jwks: set } = issuer
    const authorize = createAuthorizer({ issuer: name, audience: AUDIENCE, jwks: set(), routes })
    const token = await issuer.sign({ claims: { iss: name } })
    expect(asPolicy(await authorize(restTokenEvent({ token }))).principalId).toBe('ada-1')
  })

  it('is fetched once by a warm function and works while the auth server is down (F18)', async () => {
    const [first] = keys
    const own = await startIssuer(first ? [first] : [])
    const authorize = createAuthorizer({
      issuer: own.issuer,
      audience: AUDIENCE,
      jwks: own.jwksUrl,
      routes,
    })
    for (let call = 0; call < 20; call += 1) {
      await authorize(restTokenEvent({ token: await own.sign() }))
    }
    expect(own.asked()).toBe(1)
    await own.stop()
    const known = await authorize(httpEvent({ token: await own.sign() }))
    expect(asPolicy(known).principalId).toBe('ada-1')
  })

  it('throws if the keys cannot be fetched: neither a grant nor a refusal (F18)', async () => {
    const own = await startIssuer(keys)
    const token = await own.sign()
    await own.stop()
    const options = { issuer: own.issuer, audience: AUDIENCE, jwks: own.jwksUrl, routes }
    for (const answers of ['iam', 'simple'] as const) {
      const asked = createAuthorizer({ ...options, answers })(httpEvent({ token }))
      await expect(asked).rejects.toMatchObject({ code: 'tokens_unavailable' })
    }
    const rest = createAuthorizer(options)(restTokenEvent({ token }))
    await expect(rest).rejects.toMatchObject({ code: 'tokens_unavailable' })
  })
})

describe('a wrong setup', () => {
  const good = {
    issuer: 'https://login.example',
    audience: AUDIENCE,
    jwks: 'https://login.example/jwks',
    routes,
  }
  const [route] = routes

  it.each([
    { issuer: '' },
    { audience: '' },
    { jwks: 'not a URL' },
    { routes: [] },
    { routes: [{ ...route, scope: '', method: 'GET', path: '/' }] },
    { routes: [{ scope: 'a', method: 'get', path: '/' }] },
    { routes: [{ scope: 'a', method: 'GET', path: 'orders' }] },
    { routes: [{ scope: 'a', method: 'GET', path: '/order?' }] },
    { routes: [{ scope: 'a', method: 'GET', path: '/${aws:username}' }] },
  ])('throws when the function starts: %j', (wrong) => {
    expect(() => createAuthorizer({ ...good, ...wrong })).toThrow(TypeError)
  })

  it('throws for routes that are not a list', () => {
    for (const bad of [null, {}, '', 'GET /orders'])
      expect(() => Reflect.apply(createAuthorizer, undefined, [{ ...good, routes: bad }])).toThrow(
        TypeError,
      )
  })

  it('throws for keys without a set around them, and for a set without keys', () => {
    const list: unknown = keys.map(({ publicJwk }) => publicJwk)
    for (const jwks of [list, [], { keys: [] }])
      expect(() => Reflect.apply(createAuthorizer, undefined, [{ ...good, jwks }])).toThrow(
        TypeError,
      )
  })

  it.each([
    {},
    null,
    'TOKEN',
    { type: 'TOKEN' },
    { version: '2.0', type: 'REQUEST' },
    { Records: [] },
  ])('throws a TypeError, not Unauthorized, for the event %j', async (event) => {
    await expect(createAuthorizer(good)(event)).rejects.toThrow(TypeError)
  })
})
