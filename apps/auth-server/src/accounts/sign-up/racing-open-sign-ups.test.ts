import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { newInvite } from '../../../testing/invites.fixture.ts'
import { mailIdsTo, tokenIn } from '../../../testing/mailed-links.fixture.ts'
import { password, somebody, startOpenServer } from '../../../testing/open-sign-up.fixture.ts'
import { until } from '../../../testing/outbox.fixture.ts'

// 200 for the long form.
const rounds = Number(process.env.RACE_ROUNDS ?? 5)
const patience = 30_000 + rounds * 2_000
let servers: Awaited<ReturnType<typeof startOpenServer>>[]

// Two servers on one database with a Redis prefix each, so that nothing but the database decides.
beforeAll(async () => {
  const first = await startOpenServer()
  const beside = { ...first, keyPrefix: `${first.keyPrefix}second:` }
  servers = [first, await startOpenServer({}, { beside })]
})
afterAll(async () => {
  for (const server of servers.toReversed())
    // oxlint-disable-next-line no-await-in-loop
    await server.close()
})

function first() {
  const [server] = servers
  if (!server) throw new Error('no server')
  return server
}

/** Posts to the servers in turn, all at once; the statuses in ascending order. */
async function race(path: string, bodies: object[]): Promise<number[]> {
  const answers = await Promise.all(
    bodies.map((body, index) => {
      const { app } = servers[index % servers.length] ?? first()
      return request(app).post(path).send(body)
    }),
  )
  return answers.map(({ status }) => status).toSorted((a, b) => a - b)
}

/** The links of all e-mails to addresses, in any spelling, once so many have come. */
async function tokensTo(addresses: string[], count: number): Promise<string[]> {
  const found = () =>
    servers
      .flatMap(({ mails }) => mails)
      .filter(({ to, kind }) => addresses.includes(to.toLowerCase()) && kind === 'confirm')
  await until(() => found().length >= count)
  return [...new Map(found().map((mail) => [mail.id, tokenIn(mail)])).values()]
}

async function confirmAll(tokens: string[]): Promise<number[]> {
  return await race(
    '/confirm_account',
    tokens.map((token) => ({ token, password })),
  )
}

/** A test that plays its race again and again. */
function inRounds(play: () => Promise<void>): () => Promise<void> {
  return async () => {
    // oxlint-disable-next-line no-await-in-loop
    for (let round = 0; round < rounds; round += 1) await play()
  }
}

describe('concurrent sign-ups without an invite', () => {
  it(
    'R45 R98 with one name and two addresses reserve it once',
    inRounds(async () => {
      const { username } = somebody()
      const bodies = [somebody(), somebody()].map((me) => ({ ...me, username }))
      expect(await race('/signup', bodies)).toEqual([202, 409])
      const [reserved, ...others] = await first().reservations.find({ username }).lean()
      expect(others).toEqual([])
      expect(await confirmAll(await tokensTo([reserved?.email ?? ''], 1))).toEqual([200])
      expect(await first().users.countDocuments({ usernameKey: username })).toBe(1)
    }),
    patience,
  )

  it(
    'R45 R98 with one address in two spellings are all accepted, and make one user',
    inRounds(async () => {
      const { email } = somebody()
      const spellings = [email, email.toUpperCase()]
      const bodies = spellings.map((spelling) => ({ ...somebody(), email: spelling }))
      expect(await race('/signup', bodies)).toEqual([202, 202])
      expect(await confirmAll(await tokensTo([email], 2))).toEqual([200, 400])
      expect(await first().users.countDocuments({ emailKey: email })).toBe(1)
    }),
    patience,
  )

  it(
    'R45 R98 beside one with an invite for the same address make one user',
    inRounds(async () => {
      const me = somebody()
      const { token: invite } = await newInvite(first())
      const invited = { ...me, username: somebody().username, invite }
      expect(await race('/signup', [me, invited])).toEqual([202, 202])
      expect(await confirmAll(await tokensTo([me.email], 2))).toEqual([200, 400])
      const found = await first().users.find({ emailKey: me.email }).lean()
      expect(found).toMatchObject([{ verifiedAt: expect.any(Date) }])
    }),
    patience,
  )

  it(
    'R45 R98 beside one with an invite for the same name give the name to one user',
    inRounds(async () => {
      const [me, other] = [somebody(), somebody()]
      const { token: invite } = await newInvite(first())
      const statuses = await race('/signup', [me, { ...other, username: me.username, invite }])
      expect(statuses[0]).toBe(202)
      const accepted = statuses.filter((status) => status === 202).length
      const confirmed = await confirmAll(await tokensTo([me.email, other.email], accepted))
      expect(confirmed[0]).toBe(200)
      expect(confirmed.slice(1)).toEqual(accepted === 2 ? [409] : [])
      expect(await first().users.countDocuments({ usernameKey: me.username })).toBe(1)
    }),
    patience,
  )

  it(
    'that are identical reserve once, with one e-mail',
    inRounds(async () => {
      const me = somebody()
      expect(await race('/signup', [me, me, me])).toEqual([202, 202, 202])
      const tokens = await tokensTo([me.email], 1)
      expect(tokens).toHaveLength(1)
      expect(await confirmAll([...tokens, ...tokens])).toEqual([200, 200])
      expect((await mailIdsTo(servers, { to: me.email })).size).toBe(1)
    }),
    patience,
  )
})
