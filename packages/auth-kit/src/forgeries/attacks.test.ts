import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assert, asyncProperty } from 'fast-check'
import { ALGORITHMS } from '../access-token/algorithms.ts'
import { AUDIENCE, makeKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'
import { startApi } from '../bearer/api.fixture.ts'
import { forgedSignatures } from './forged-signatures.fixture.ts'
import { anyForgery, forgerWith } from './forgery.fixture.ts'
import { createAuthorizer } from '../lambda.ts'
import { httpEvent, restTokenEvent } from '../../../../tools/testing/authorizer-events.ts'
import { requireAccessToken } from '../tokens.ts'
import { wrongTokens } from './wrong-tokens.fixture.ts'

const FORGERIES = 600

let issuer: Awaited<ReturnType<typeof startIssuer>>
let api: Awaited<ReturnType<typeof startApi>>
const keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg, `key-${alg}`)))

beforeAll(async () => {
  issuer = await startIssuer(keys)
  const { issuer: name, jwksUrl: jwks } = issuer
  api = await startApi(requireAccessToken({ issuer: name, audience: AUDIENCE, jwks }))
})
afterAll(() => Promise.all([issuer.stop(), api.stop()]))

async function expectRefused(token: string): Promise<void> {
  const { status, challenge } = await api.withToken(token)
  expect({ status, challenge }).toEqual({
    status: 401,
    challenge: `Bearer realm="${AUDIENCE}", error="invalid_token"`,
  })
}

describe.each(keys.map(({ alg }, at) => ({ alg, at })))('forged $alg tokens', ({ at }) => {
  it.each(Object.entries(forgedSignatures))('are refused: %s (R46, R47, C13)', async (_, forge) => {
    await expectRefused(await forge(await forgerWith({ issuer, keys, at })))
  })

  it.each(Object.entries(wrongTokens))('are refused: %s (R48, R49, R50)', async (_, forge) => {
    await expectRefused(await forge(await forgerWith({ issuer, keys, at })))
  })
})

describe(`${FORGERIES} random forgeries`, () => {
  it('are all refused by a guard, and valid tokens among them pass (C13, N12)', async () => {
    await tryForgeries(expectRefused, async (token) => {
      expect((await api.withToken(token)).status).toBe(200)
    })
  })

  it('are all refused by a Lambda authorizer, and valid tokens among them pass (C13, N12)', async () => {
    const routes = [{ scope: 'orders:read', method: 'GET', path: '/orders' }]
    const { issuer: name, jwksUrl: jwks } = issuer
    const authorize = createAuthorizer({ issuer: name, audience: AUDIENCE, jwks, routes })
    const simple = createAuthorizer({
      issuer: name,
      audience: AUDIENCE,
      jwks,
      routes,
      answers: 'simple',
    })
    await tryForgeries(
      async (token) => {
        await expect(authorize(restTokenEvent({ token }))).rejects.toThrow(/^Unauthorized$/)
        expect(await simple(httpEvent({ token }))).toEqual({ isAuthorized: false })
      },
      async (token) => {
        expect(await simple(httpEvent({ token }))).toMatchObject({ isAuthorized: true })
      },
    )
  })

  type Try = (token: string) => Promise<void>

  async function tryForgeries(tryForgery: Try, tryGood: Try): Promise<void> {
    let tried = 0
    const forgeries = asyncProperty(anyForgery(issuer, keys), async ({ forge }) => {
      await tryForgery(await forge())
      const key = keys[tried % keys.length]
      if (key && tried % 20 === 0) await tryGood(await issuer.sign({ key }))
      tried += 1
    })
    await assert(forgeries, { numRuns: FORGERIES })
    expect(tried).toBe(FORGERIES)
  }
})
