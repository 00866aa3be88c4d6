import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assert, asyncProperty } from 'fast-check'
import { ALGORITHMS } from '../access-token/algorithms.ts'
import { AUDIENCE, makeKey, startIssuer } from '../access-token/issuer.fixture.ts'
import { startApi } from '../bearer/api.fixture.ts'
import { forgedSignatures } from './forged-signatures.fixture.ts'
import { anyForgery, forgerWith } from './forgery.fixture.ts'
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

describe.each(keys.map(({ alg }, at) => ({ alg, at })))('with keys for $alg', ({ at }) => {
  it.each(Object.entries(forgedSignatures))('%s is refused (R46, R47, C13)', async (_, forge) => {
    await expectRefused(await forge(await forgerWith({ issuer, keys, at })))
  })

  it.each(Object.entries(wrongTokens))('%s is refused (R48, R49, R50)', async (_, forge) => {
    await expectRefused(await forge(await forgerWith({ issuer, keys, at })))
  })
})

describe('a guard', () => {
  it(`accepts none of ${FORGERIES} forgeries, and every good token between them (C13, N12)`, async () => {
    let tried = 0
    await assert(
      asyncProperty(anyForgery(issuer, keys), async ({ forge }) => {
        await expectRefused(await forge())
        if (tried % 20 === 0) {
          const key = keys[tried % keys.length]
          expect((await api.withToken(await issuer.sign(key ? { key } : {}))).status).toBe(200)
        }
        tried += 1
      }),
      { numRuns: FORGERIES },
    )
    expect(tried).toBe(FORGERIES)
  })
})
