import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  arnOf,
  httpEvent,
  isAllowed,
  kinds,
  restTokenEvent,
} from '../../../../tools/testing/authorizer-events.ts'
import { AUDIENCE, makeKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'
import { createAuthorizer } from '../lambda.ts'
import { asPolicy } from './as-policy.fixture.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
beforeAll(async () => {
  issuer = await startIssuer([await makeKey('EdDSA', 'a key')])
})
afterAll(() => issuer.stop())

function authorizer(answers?: 'iam' | 'simple') {
  const { issuer: name, jwksUrl } = issuer
  return createAuthorizer({ issuer: name, audience: AUDIENCE, jwks: jwksUrl, answers })
}

describe.each(kinds)('$kind, without routes', ({ event, stage }) => {
  it('gives a policy that can be cached: it allows the whole stage and nothing else (C15)', async () => {
    const token = await issuer.sign({ claims: { scope: 'profile' } })
    const answer = asPolicy(await authorizer()(event({ token, path: '/orders' })))
    expect(answer).toMatchObject({
      principalId: 'ada-1',
      context: { sub: 'ada-1', scope: 'profile', client: 'shop' },
    })
    for (const [method, path] of [
      ['GET', '/orders'],
      ['DELETE', '/orders/17/lines'],
      ['POST', '/'],
    ] as const) {
      expect([path, isAllowed(answer, arnOf(method, path, stage))]).toEqual([path, true])
    }
    for (const other of ['other-stage', `${stage}2`]) {
      expect([other, isAllowed(answer, arnOf('GET', '/orders', other))]).toEqual([other, false])
    }
    const ofAnotherApi = arnOf('GET', '/orders', stage).replace('a1b2c3d4e5', 'another-api')
    expect(isAllowed(answer, ofAnotherApi)).toBe(false)
    const elsewhere = event({ token, method: 'POST', path: '/admin' })
    expect(await authorizer()(elsewhere)).toEqual(answer)
  })

  it('ends the policy with the token (C15)', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60
    const token = await issuer.sign({ claims: { exp } })
    const answer = asPolicy(await authorizer()(event({ token })))
    const arn = arnOf('GET', '/orders', stage)
    expect(isAllowed(answer, arn, new Date(exp * 1000 - 1))).toBe(true)
    expect(isAllowed(answer, arn, new Date(exp * 1000))).toBe(false)
  })
})

describe('without routes', () => {
  it('a simple answer authorizes only valid tokens, for every path', async () => {
    const authorize = authorizer('simple')
    const token = await issuer.sign({ claims: { scope: 'orders:read' } })
    for (const path of ['/orders', '/', '/admin']) {
      const asked = httpEvent({ token, method: 'POST', path, stage: 'dev' })
      expect(await authorize(asked)).toEqual({
        isAuthorized: true,
        context: { sub: 'ada-1', scope: 'orders:read', client: 'shop' },
      })
    }
    const foreign = await issuer.sign({ claims: { aud: 'other' } })
    expect(await authorize(httpEvent({ token: foreign }))).toEqual({ isAuthorized: false })
  })

  it('an invalid token is still denied', async () => {
    const token = await issuer.sign({ claims: { aud: 'other' } })
    await expect(authorizer()(restTokenEvent({ token }))).rejects.toThrow(/^Unauthorized$/)
    const answer = asPolicy(await authorizer()(httpEvent({ token })))
    expect(isAllowed(answer, arnOf('GET', '/orders', '$default'))).toBe(false)
  })
})
