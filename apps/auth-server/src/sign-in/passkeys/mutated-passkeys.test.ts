import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import request from 'supertest'
import { cookieOf, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { userSignedIn } from '../../../testing/signed-in.fixture.ts'
import { softwarePasskey } from '../../../testing/software-passkey.fixture.ts'

/** How many of each ceremony: `MUTATIONS=5000` for 10,000 in all. */
const numRuns = Number(process.env.MUTATIONS ?? 40)
const origin = 'http://localhost'
const rpId = 'localhost'
let server: Awaited<ReturnType<typeof startTestApp>>
let user: Awaited<ReturnType<typeof userWithPasskey>>
let other: Awaited<ReturnType<typeof userWithPasskey>>
/** An assertion that has signed its user in. */
let spent: object

beforeAll(async () => {
  const limit = '1000000'
  server = await startTestApp({
    PUBLIC_URL: origin,
    LIMIT_SIGN_IN_PER_ADDRESS: limit,
    LIMIT_SIGN_IN_PER_ACCOUNT: limit,
    SUSPEND_AFTER_FAILURES: limit,
  })
  user = await userWithPasskey()
  other = await userWithPasskey()
  const { options, cookie } = await optionsFrom('/login/passkey/options')
  spent = user.passkey.get(options, user.id)
  await post('/login/passkey', cookie, spent).expect(200)
})
afterAll(() => server.close())

const post = (path: string, cookie = '', body: object = {}) =>
  request(server.app).post(path).set('Cookie', cookie).send(body)

async function userWithPasskey() {
  const { user, cookie } = await userSignedIn(server)
  const passkey = softwarePasskey({ origin, rpId })
  const { body } = await post('/account/passkeys/options', cookie).expect(200)
  const added = await post('/account/passkeys', cookie, passkey.create(body)).expect(201)
  return { id: user.id, passkey, cookie: cookieOf(added) }
}

async function optionsFrom(path: string, given = '') {
  const answer = await post(path, given).expect(200)
  return { options: answer.body, cookie: cookieOf(answer) || given }
}

/** What an attacker may change in what the authenticator signs. */
const lies = fc.oneof(
  fc.webUrl().map((url) => ({ origin: new URL(url).origin })),
  fc
    .constantFrom('http://localhost:8080', 'https://localhost', 'http://localhost.evil.example')
    .map((origin) => ({ origin })),
  fc.domain().map((rpId) => ({ rpId })),
  fc.base64String({ minLength: 1, maxLength: 64 }).map((text) => ({
    challenge: Buffer.from(text).toString('base64url'),
  })),
  fc.constantFrom('webauthn.create', 'webauthn.get', 'payment.get', '').map((type) => ({ type })),
)

/** Where one bit of a part is turned, after it was signed. */
const bit = fc.record({ at: fc.nat(100_000), bit: fc.nat(7) })

function turn(part: string, { at, bit }: { at: number; bit: number }): string {
  const bytes = Buffer.from(part, 'base64url')
  const place = at % bytes.length
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
  return bytes.toString('base64url')
}

describe('a mutated assertion', () => {
  const parts = fc.constantFrom('clientDataJSON', 'authenticatorData', 'signature')
  const mutations = fc.oneof(
    fc.record({ lie: lies.filter((lie) => !('type' in lie && lie.type === 'webauthn.get')) }),
    fc.record({ part: parts, turned: bit }),
    fc
      .constantFrom('not verified', 'of another user', 'for another user', 'replayed')
      .map((swap) => ({ swap })),
  )

  it(`R79 is accepted in 0 of ${numRuns}`, async () => {
    const property = fc.asyncProperty(mutations, async (mutation) => {
      const { options, cookie } = await optionsFrom('/login/passkey/options')
      const answer = await post('/login/passkey', cookie, mutated(options, mutation))
      expect([400, 401]).toContain(answer.status)
    })
    await fc.assert(property, { numRuns })
    const { options, cookie } = await optionsFrom('/login/passkey/options')
    await post('/login/passkey', cookie, user.passkey.get(options, user.id)).expect(200)
  }, 3_600_000)

  type Mutation = typeof mutations extends fc.Arbitrary<infer Value> ? Value : never

  function mutated(options: { challenge: string }, mutation: Mutation): object {
    if ('lie' in mutation) return user.passkey.get(options, user.id, mutation.lie)
    if ('swap' in mutation) return swapped(options, mutation.swap)
    const honest = user.passkey.get(options, user.id)
    const response = new Map(Object.entries(honest.response))
    response.set(mutation.part, turn(response.get(mutation.part) ?? '', mutation.turned))
    return { ...honest, response: Object.fromEntries(response) }
  }

  function swapped(options: { challenge: string }, swap: string): object {
    if (swap === 'not verified') return user.passkey.get(options, user.id, { userVerified: false })
    if (swap === 'of another user') return other.passkey.get(options, user.id)
    if (swap === 'for another user') return user.passkey.get(options, other.id)
    return spent
  }
})

describe('a mutated registration', () => {
  it(`R79 is accepted in 0 of ${numRuns}`, async () => {
    const mutations = lies.filter((lie) => !('type' in lie && lie.type === 'webauthn.create'))
    const stranger = await userSignedIn(server)
    const property = fc.asyncProperty(mutations, async (lie) => {
      const path = '/account/passkeys/options'
      const { options, cookie } = await optionsFrom(path, stranger.cookie)
      const made = softwarePasskey({ origin, rpId }).create(options, lie)
      const answer = await post('/account/passkeys', cookie, made)
      expect([400, 401]).toContain(answer.status)
      const used = user.passkey.create(options)
      expect((await post('/account/passkeys', cookie, used)).status).toBe(401)
    })
    await fc.assert(property, { numRuns })
    expect(await server.factors.exists({ _id: stranger.user.id })).toBeNull()
  }, 3_600_000)
})
