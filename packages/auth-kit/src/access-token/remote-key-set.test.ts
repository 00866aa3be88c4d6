import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'
import { AuthError } from '../errors.ts'
import { makeKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'
import type { KeySet } from './key-finder.ts'
import { remoteKeySet } from './remote-key-set.ts'

const [first, second, third] = await Promise.all([
  makeKey('EdDSA', 'first'),
  makeKey('ES256', 'second'),
  makeKey('EdDSA', 'third'),
])

let issuer: Awaited<ReturnType<typeof startIssuer>>
let keys: KeySet
let now: number
let skews: number[]
beforeEach(async () => {
  issuer = await startIssuer([first])
  now = Date.now()
  skews = []
  keys = remoteKeySet(new URL(issuer.jwksUrl), {
    clock: () => now,
    onClockSkew: (seconds) => void skews.push(seconds),
  })
})
afterEach(() => issuer.stop())

/** The outcome of a lookup, in one word. */
function look(kid: string): Promise<string> {
  return keys.find(kid).then(
    (key) => (key ? 'found' : 'unknown'),
    (error: unknown) => (error instanceof AuthError ? error.code : String(error)),
  )
}

describe('remoteKeySet', () => {
  it('fetches the keys for the first token, once for many tokens at a time', async () => {
    expect(issuer.asked()).toBe(0)
    const found = await Promise.all(Array.from({ length: 100 }, () => look('first')))
    expect(new Set(found)).toEqual(new Set(['found']))
    expect(issuer.asked()).toBe(1)
  })

  it('fetches once for 10,000 tokens with unknown keys (C14)', async () => {
    await look('first')
    await flood()
    expect(issuer.asked()).toBe(2)
    now += 9999
    await flood()
    expect(issuer.asked()).toBe(2)
    now += 1
    await flood()
    expect(issuer.asked()).toBe(3)
    expect(await look('first')).toBe('found')
  })

  async function flood(): Promise<void> {
    for (let batch = 0; batch < 100; batch += 1) {
      const kids = Array.from({ length: 100 }, (_, at) => `made-up-${batch}-${at}`)
      const found = await Promise.all(kids.map((kid) => look(kid)))
      expect(new Set(found)).toEqual(new Set(['unknown']))
    }
  }

  it.each(['toString', '__proto__', 'constructor', ''])(
    'finds no key named %j (R47)',
    async (kid) => {
      expect(await look(kid)).toBe('unknown')
    },
  )

  it('skips broken keys and keys that cannot verify tokens (R51)', async () => {
    const jwk = first.publicJwk
    const { alg: _, ...withoutAlg } = jwk
    const { use: _use, ...withoutUse } = jwk
    const { publicKey: shortRsa } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const others = [
      { ...jwk, kid: 'empty use', use: '' },
      { ...jwk, kid: 'to encrypt with', use: 'enc' },
      { ...withoutUse, kid: 'to derive with', key_ops: ['deriveKey'] },
      { ...withoutAlg, kid: 'no algorithm' },
      { ...jwk, kid: 'empty algorithm', alg: '' },
      { ...jwk, kid: 'wrong key type', alg: 'RS256' },
      { ...jwk, kid: 'broken', x: 'AA' },
      { ...shortRsa.export({ format: 'jwk' }), kid: 'short RSA', alg: 'RS256', use: 'sig' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'shared secret', alg: 'HS256', use: 'sig' },
    ]
    issuer.publish(...others.map((publicJwk) => ({ ...first, publicJwk })))
    for (const { kid } of others) expect(await look(kid)).toBe('unknown')
    expect(await look('first')).toBe('found')
  })

  it('accepts keys without `use` or with `key_ops` verify (RFC 7517, section 4.2)', async () => {
    const { use: _, ...jwk } = second.publicJwk
    const forVerifying = { ...jwk, kid: 'for verifying', key_ops: ['verify'] }
    issuer.publish({ ...second, publicJwk: jwk }, { ...second, publicJwk: forVerifying })
    expect([await look('second'), await look('for verifying')]).toEqual(['found', 'found'])
  })

  it('imports keys for verifying only, even if a private part was published by mistake (R51)', async () => {
    issuer.publish({ ...second, publicJwk: { ...second.publicJwk, d: 'c2VjcmV0' } })
    const found = await keys.find('second')
    expect(found?.key).toMatchObject({ type: 'public', usages: ['verify'] })
  })

  it('fetches again after 5 minutes, so that a removed key stops working', async () => {
    issuer.publish(second)
    expect(await look('second')).toBe('found')
    issuer.withdraw(second)
    now += 299_000
    expect(await look('second')).toBe('found')
    now += 1000
    expect(await look('second')).toBe('unknown')
  })

  it('fetches at once if a token names a new key', async () => {
    await look('first')
    for (const key of [second, third]) {
      issuer.publish(key)
      expect(await look(key.kid)).toBe('found')
    }
    expect(issuer.asked()).toBe(3)
  })

  it('waits 10 s after a fetch that did not find the key', async () => {
    await look('made-up')
    issuer.publish(second)
    now += 9999
    expect(await look('second')).toBe('unknown')
    now += 1
    expect(await look('second')).toBe('found')
    expect(issuer.asked()).toBe(2)
    issuer.publish(third)
    expect(await look('third')).toBe('found')
  })

  it('fetches once for concurrent tokens; one unknown key among them starts the wait', async () => {
    const looked = await Promise.all([look('first'), look('made-up'), look('first')])
    expect(looked).toEqual(['found', 'unknown', 'found'])
    issuer.publish(second)
    expect(await look('second')).toBe('unknown')
    expect(issuer.asked()).toBe(1)
    now += 10_000
    expect(await look('second')).toBe('found')
  })

  it('fetches again after the clock was set back by an hour', async () => {
    await look('first')
    issuer.publish(second)
    now -= 3_600_000
    expect(await look('second')).toBe('found')
  })

  it('reports a clock difference of more than 5 s (F17)', async () => {
    await look('first')
    expect(skews).toEqual([])
    issuer.setClock(new Date(Date.now() + 300_000))
    now += 300_000
    await look('first')
    expect(skews).toEqual([expect.closeTo(300, -1)])
  })
})

describe('remoteKeySet, while the auth server is down', () => {
  const outages = { stopped: () => issuer.stop(), silent: async () => issuer.hang(true) } as const

  it.each(Object.entries(outages))(
    'finds known keys and answers 503 for others: %s (F18)',
    async (_, startOutage) => {
      await look('first')
      await startOutage()
      now += 11_000
      expect(await look('second')).toBe('tokens_unavailable')
      expect(await look('first')).toBe('found')
    },
  )

  it.each(Object.entries(outages))(
    'makes one request wait for new keys, 2 s at most, and no later one: %s',
    async (_, startOutage) => {
      await look('first')
      await startOutage()
      now += 300_000
      const [found, took] = await timed(() => look('first'))
      expect(found).toBe('found')
      expect(took).toBeLessThan(2500)
      for (let more = 0; more < 3; more += 1) {
        now += 60_000
        const [found, took] = await timed(() => look('first'))
        expect(found).toBe('found')
        expect(took).toBeLessThan(250)
      }
    },
  )

  it('fetches at most once a second, whatever keys the tokens name (C14)', async () => {
    await look('first')
    issuer.answer(503)
    now += 10_000
    for (let token = 0; token < 200; token += 1) {
      expect(await look(`made-up-${token}`)).toBe('tokens_unavailable')
    }
    expect(issuer.asked()).toBe(2)
    now += 1000
    await look('made-up')
    expect(issuer.asked()).toBe(3)
  })

  it('answers 503 without any keys, and recovers within a second of its return', async () => {
    await issuer.stop()
    expect(await look('first')).toBe('tokens_unavailable')
    await issuer.start()
    expect(await look('first')).toBe('tokens_unavailable')
    now += 1000
    expect(await look('first')).toBe('found')
  })

  it('honours a key added during the outage within 30 s of its return (F18)', async () => {
    await look('first')
    await issuer.stop()
    issuer.publish(second)
    now += 11_000
    expect(await look('second')).toBe('tokens_unavailable')
    await issuer.start()
    now += 30_000
    expect(await look('second')).toBe('found')
  })

  it.each([
    [200, '<html>'],
    [200, '{"keys":1}'],
    [302, ''],
    [404, '{}'],
  ])('treats an answer of %d with %j as an outage', async (status, body) => {
    issuer.answer(status, body)
    expect(await look('first')).toBe('tokens_unavailable')
  })

  async function timed(look: () => Promise<string>): Promise<[string, number]> {
    const start = performance.now()
    return [await look(), performance.now() - start]
  }
})
