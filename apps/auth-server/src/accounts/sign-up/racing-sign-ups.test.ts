import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'
import { mailIdsTo } from '../../../testing/mailed-links.fixture.ts'

const password = 'seven quiet rivers meet'
const rounds = 4
let servers: Awaited<ReturnType<typeof startTestApp>>[]
let count = 0

// Three servers on one database, with separate locks in Redis, as if Redis was emptied at the wrong
// moment. Only the database decides.
beforeAll(async () => {
  const env = { LIMIT_SIGN_UP_PER_ADDRESS: '1000' }
  const first = await startTestApp(env)
  const beside = (name: string) =>
    startTestApp(env, { beside: { ...first, keyPrefix: `${first.keyPrefix}${name}:` } })
  servers = [first, await beside('second'), await beside('third')]
})
afterAll(async () => {
  for (const server of servers.toReversed())
    // oxlint-disable-next-line no-await-in-loop
    await server.close()
})

function somebody() {
  count += 1
  return { username: `user-${count}`, email: `user-${count}@mail.test`, password }
}

function first() {
  const [server] = servers
  if (!server) throw new Error('no server')
  return server
}

/** One sign-up at each server at once, with the same new invite; the statuses in ascending order. */
async function race(people: object[]): Promise<{ invite: string; statuses: number[] }> {
  const { id, token: invite } = await newInvite(first())
  const answers = await Promise.all(
    servers.map(({ app }, place) =>
      request(app)
        .post('/signup')
        .send({ ...people[place], invite }),
    ),
  )
  return { invite: id, statuses: answers.map(({ status }) => status).toSorted((a, b) => a - b) }
}

describe('concurrent sign-ups without locks', () => {
  it('R45 with one invite give one user, and 410 to the others', async () => {
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { invite, statuses } = await race([somebody(), somebody(), somebody()])
      expect(statuses).toEqual([202, 410, 410])
      // oxlint-disable-next-line no-await-in-loop
      expect(await first().users.countDocuments({ 'claimed.invite': invite })).toBe(1)
    }
  }, 60_000)

  it('R45 with one invite, two of them for taken addresses, have one winner', async () => {
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const owners = await Promise.all([first().addUser(), first().addUser()])
      const taken = owners.map(({ email }) => ({ ...somebody(), email }))
      // oxlint-disable-next-line no-await-in-loop
      const { invite, statuses } = await race([...taken, somebody()])
      expect(statuses).toEqual([202, 410, 410])
      // oxlint-disable-next-line no-await-in-loop
      expect(await first().users.countDocuments({ 'claimed.invite': invite })).toBe(1)
    }
  }, 60_000)

  it('that are identical all get 202, with one user and one e-mail', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const me = somebody()
      // oxlint-disable-next-line no-await-in-loop
      const { statuses } = await race([me, me, me])
      expect(statuses).toEqual([202, 202, 202])
      // oxlint-disable-next-line no-await-in-loop
      expect((await mailIdsTo(servers, { to: me.email })).size).toBe(1)
    }
  }, 60_000)

  it('that are identical and for a taken address all get 202, with one e-mail', async () => {
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { email } = await first().addUser()
      const me = { ...somebody(), email }
      // oxlint-disable-next-line no-await-in-loop
      const { statuses } = await race([me, me, me])
      expect(statuses).toEqual([202, 202, 202])
      // oxlint-disable-next-line no-await-in-loop
      expect((await mailIdsTo(servers, { to: email })).size).toBe(1)
    }
  }, 60_000)

  it('with one address and an invite each all get 202, with one user who has used all three', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { email } = somebody()
      // oxlint-disable-next-line no-await-in-loop
      const invites = await Promise.all(servers.map(() => newInvite(first())))
      // oxlint-disable-next-line no-await-in-loop
      const answers = await Promise.all(
        servers.map(({ app }, place) => {
          const invite = invites[place]?.token
          return request(app)
            .post('/signup')
            .send({ ...somebody(), email, invite })
        }),
      )
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
      // oxlint-disable-next-line no-await-in-loop
      const [user, ...others] = await first().users.find({ emailKey: email }).lean()
      expect(others).toEqual([])
      expect(user?.claimed).toHaveLength(3)
    }
  }, 60_000)
})
