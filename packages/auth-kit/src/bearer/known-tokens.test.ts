import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { AUDIENCE, makeKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'
import { createKeySet } from '../access-token/key-set.ts'
import { rememberTokens } from './remember-tokens.ts'

type Keys = ReturnType<typeof createKeySet>

let issuer: Awaited<ReturnType<typeof startIssuer>>
let keys: Keys
let verify: ReturnType<typeof rememberTokens>
/** How often a signature was checked: each check takes the public key. */
let signatures = 0

beforeEach(async () => {
  issuer = await startIssuer([await makeKey('ES256', 'first')])
  keys = createKeySet(issuer.jwks())
  signatures = 0
  const find: Keys['find'] = async (kid) => {
    const found = await keys.find(kid)
    if (!found) return undefined
    const { publicKey } = found
    return Object.defineProperty({ ...found }, 'publicKey', {
      get() {
        signatures += 1
        return publicKey
      },
    })
  }
  verify = rememberTokens({ issuer: issuer.issuer, audience: AUDIENCE, keys: { find } })
})
afterEach(async () => {
  jest.useRealTimers()
  await issuer.stop()
})

describe('rememberTokens', () => {
  it('checks the signature of a token once', async () => {
    const token = await issuer.sign()
    const first = await verify(token)
    for (let count = 0; count < 10; count += 1) expect(await verify(token)).toEqual(first)
    expect(signatures).toBe(1)
  })

  it('refuses a similar token with a changed signature (R46)', async () => {
    const token = await issuer.sign()
    await verify(token)
    const [head, claims, signature = ''] = token.split('.')
    const forged = [head, claims, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`]
    await expect(verify(forged.join('.'))).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('forgets a token when its key is removed (R51)', async () => {
    const token = await issuer.sign()
    await verify(token)
    keys = createKeySet({ keys: [(await makeKey('ES256', 'second')).publicJwk] })
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('forgets a token when another key takes its kid (R47)', async () => {
    const token = await issuer.sign()
    await verify(token)
    keys = createKeySet({ keys: [(await makeKey('ES256', 'first')).publicJwk] })
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('refuses a remembered token once it has expired (R48)', async () => {
    const token = await issuer.sign()
    const { expiresAt } = await verify(token)
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
    jest.setSystemTime(expiresAt.getTime() + 6000)
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('gives each request the same content, even if an earlier one changed its copy', async () => {
    const token = await issuer.sign()
    const spoiled = await verify(token)
    Object.assign(spoiled, { sub: 'eve', scope: ['admin'] })
    spoiled.expiresAt.setTime(0)
    expect(() => Object.assign(spoiled.claims, { sub: 'eve' })).toThrow(TypeError)
    expect(await verify(token)).not.toMatchObject({ sub: 'eve' })
  })
})
