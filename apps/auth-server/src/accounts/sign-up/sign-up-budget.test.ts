import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import request from 'supertest'
import { somebody, startOpenServer } from '../../../testing/open-sign-up.fixture.ts'
import { type Challenge, createProofChallenge } from '../reservations/proof-of-work.ts'
import { sharesOf } from '../reservations/sign-up-budget.ts'

// Five for anybody, four with a proof of work, one without.
const budget = 10
let server: Awaited<ReturnType<typeof startOpenServer>>
beforeEach(async () => {
  server = await startOpenServer({ SIGN_UP_MAILS_PER_HOUR: String(budget), LOG_LEVEL: 'info' })
})
afterEach(() => server.close())

async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

async function proof(): Promise<string> {
  const { body } = await request(server.app).get('/signup').expect(200)
  return await solve(body.challenge)
}

/** Sign-ups of new people at once; their statuses in ascending order. */
async function statusesOf(given: object[]): Promise<number[]> {
  const answers = await Promise.all(given.map((more) => server.signUp({ ...somebody(), ...more })))
  return answers.map(({ status }) => status).toSorted((a, b) => a - b)
}

const times = (count: number, given: object = {}) => Array.from({ length: count }, () => given)

async function useHalf(): Promise<void> {
  expect(await statusesOf(times(budget / 2))).toEqual(times(budget / 2).map(() => 202))
}

describe('SIGN_UP_MAILS_PER_HOUR', () => {
  it('R97 asks for a proof of work from half of it on, and leaves a tenth for browsers without script', async () => {
    const get = () => request(server.app).get('/signup')
    expect((await get()).body.challenge).toBeNull()
    await useHalf()
    expect((await get()).body.challenge).toMatchObject({ parameters: { keyPrefix: '00' } })
    expect((await get().set('Accept', 'text/html')).text).toContain('data-challenge="')
    expect(await statusesOf(times(4))).toEqual([202, 429, 429, 429])
    const refused = await server.signUp(somebody()).expect(429)
    expect(refused.body.code).toBe('proof_needed')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500)
    await server.signUp({ ...somebody(), altcha: await proof() }).expect(202)
  })

  it('R97 answers 429 with Retry-After when all of it is used, to concurrent requests, too', async () => {
    await useHalf()
    const proofs = await Promise.all(times(6).map(proof))
    const given = [...proofs.map((altcha) => ({ altcha })), ...times(6)]
    const statuses = await statusesOf(given)
    expect(statuses.filter((status) => status === 202)).toHaveLength(budget / 2)
    for (const altcha of ['', await proof()]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await server.signUp({ ...somebody(), altcha }).expect(429)
      expect(answer.body.code).toBe('too_many_attempts')
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3500)
    }
    expect(await server.reservations.countDocuments()).toBe(budget)
    expect(server.log.filter((line) => line.includes('"sign_up_limited"')).length).toBeGreaterThan(
      0,
    )
  })

  it('R97 accepts each proof once, also of concurrent requests', async () => {
    await useHalf()
    const altcha = await proof()
    // One goes by the proof, one by the tenth that needs none.
    expect(await statusesOf(times(4, { altcha }))).toEqual([202, 202, 429, 429])
  })

  it('R97 accepts no forged, expired or unsolved task', async () => {
    await useHalf()
    await server.signUp(somebody()).expect(202)
    const { body } = await request(server.app).get('/signup')
    const { parameters, signature }: Challenge = body.challenge
    const foreign = await createProofChallenge({ config: { mailSecrets: ['another secret'] } })
    const easier = { parameters: { ...parameters, keyPrefix: '' }, signature }
    const later = { parameters: { ...parameters, expiresAt: parameters.expiresAt + 1 }, signature }
    const solution = { counter: 0, derivedKey: '00'.repeat(32) }
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
    const forged = [
      await solve(foreign),
      await solve(later),
      encoded({ challenge: easier, solution }),
      encoded({ challenge: body.challenge, solution }),
      encoded({ challenge: { parameters, signature: '' }, solution }),
      encoded({}),
      encoded(null),
      'none',
    ]
    for (const altcha of forged) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await server.signUp({ ...somebody(), altcha })
      expect([answer.status, answer.body.code]).toEqual([429, 'proof_needed'])
    }
    for (const altcha of [{ $ne: null }, ['a'], 1])
      // oxlint-disable-next-line no-await-in-loop
      expect((await server.signUp({ ...somebody(), altcha })).status).toBe(429)
  })

  it('shows the form with the task again, and keeps what was entered', async () => {
    await useHalf()
    await server.signUp(somebody()).expect(202)
    const me = somebody()
    const answer = await server.signUp(me).set('Accept', 'text/html').type('form').expect(429)
    expect(answer.text).toContain('data-challenge="')
    expect(answer.text).toContain(`value="${me.email}"`)
    expect(answer.text).toContain('your browser then does a short calculation')
  })

  it('takes no e-mail for a refused name', async () => {
    const { username } = await server.addUser()
    expect(await statusesOf(times(8, { username }))).toEqual(times(8).map(() => 409))
    await useHalf()
  })

  it.each([
    [1, { free: 0, proven: 0, unproven: 1 }],
    [2, { free: 1, proven: 0, unproven: 1 }],
    [10, { free: 5, proven: 4, unproven: 1 }],
    [1000, { free: 500, proven: 400, unproven: 100 }],
  ])('of %d is divided into %j', (given, shares) => {
    expect(sharesOf(given)).toEqual(shares)
  })
})

describe('POST /signup without an invite while Redis is down', () => {
  it('R62 answers 503 and reserves nothing', async () => {
    const cut = await startOpenServer({}, { redisUrl: 'redis://127.0.0.1:1', beside: server })
    await cut.signUp(somebody()).expect(503)
    expect(await server.reservations.countDocuments()).toBe(0)
    await cut.close()
  })
})
