import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { type Random, seededRandom } from '../../../../../faults/seeded-random.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import {
  addTestClients,
  pairByPassword,
  passLeeway,
  refresh,
  refreshWithPatience,
  type TestServer,
  verify,
} from '../../../testing/token-clients.fixture.ts'

const seed = Date.now() % 1_000_000

let servers: [TestServer, TestServer]
let clients: Awaited<ReturnType<typeof addTestClients>>

// Two servers over the same stores, so that no result depends on sharing work inside one process.
beforeAll(async () => {
  const env = { KEY_ENCRYPTION_KEY: 'the same on both of them: 32 or more' }
  const one = await startTestApp(env)
  servers = [one, await startTestApp(env, { beside: one })]
  clients = await addTestClients(one)
})
afterAll(async () => {
  const [one, two] = servers
  await two.close()
  await one.close()
})

async function newToken(): Promise<string> {
  const { username } = await servers[0].addUser()
  return (await pairByPassword(servers[0], clients.app, username)).refresh_token
}

/** The result when a tab sends this token to either server: the next token, or a refusal. */
async function show(random: Random, token: string): Promise<string> {
  const { status, body } = await refreshWithPatience(random.pick(servers), clients.app, token)
  return status === 200 ? String(body.refresh_token) : `refused ${status}`
}

describe(`racing refreshes (seed ${seed})`, () => {
  const random = seededRandom(seed)

  it('(N5) 64 at once, repeatedly: one successor each time', async () => {
    let token = await newToken()
    const rounds = 8
    for (let round = 1; round <= rounds; round += 1) {
      const shown = Array.from({ length: 64 }, () => show(random, token))
      // oxlint-disable-next-line no-await-in-loop
      const successors = new Set(await Promise.all(shown))
      expect(successors.size).toBe(1)
      token = [...successors].join()
      expect(decodeJwt(token).counter).toBe(round + 1)
    }
  }, 60_000)

  it('(N6, C7) two tabs and lost answers end no family', async () => {
    // The token in the browser's cookie. A slow tab sends the previous one.
    let cookie = await newToken()
    const ask = async (token: string) => {
      const next = await show(random, token)
      expect(next).not.toMatch(/^refused/)
      const isLost = random.below(3) === 0
      if (!isLost) cookie = next
      return isLost
    }
    for (let round = 0; round < 60; round += 1) {
      const shown = cookie
      // oxlint-disable-next-line no-await-in-loop
      const lost = await Promise.all([ask(shown), ask(shown)])
      // oxlint-disable-next-line no-await-in-loop
      if (lost.includes(true)) await ask(shown)
    }
  }, 60_000)

  it('(N6, R52) a token that was already used ends its family, every time', async () => {
    for (let round = 0; round < 15; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const stolen = await newToken()
      // oxlint-disable-next-line no-await-in-loop
      const newest = await rotateSomeTimes(stolen)
      // oxlint-disable-next-line no-await-in-loop
      expect(await show(random, stolen)).toBe('refused 400')
      // oxlint-disable-next-line no-await-in-loop
      expect(await show(random, newest)).toBe('refused 400')
    }
  }, 60_000)

  /** Rotates once and passes the leeway, or rotates several times. */
  async function rotateSomeTimes(stolen: string): Promise<string> {
    const times = 1 + random.below(3)
    let token = stolen
    for (let time = 0; time < times; time += 1)
      // oxlint-disable-next-line no-await-in-loop
      token = await show(random, token)
    if (times === 1) await passLeeway(servers[0], stolen)
    return token
  }

  it('(R52) a thief and the owner at once: the reuse is detected, and both lose access', async () => {
    const [server] = servers
    const stolen = await newToken()
    const mine = await show(random, stolen)
    const thiefs = await show(random, stolen)
    expect(thiefs).toBe(mine)
    // The owner refreshes. The thief returns later with the token that both had.
    const { body } = await refresh(server, clients.app, mine).expect(200)
    await passLeeway(server, mine)
    await refresh(server, clients.app, thiefs).expect(400)
    expect(await verify(server, clients.api, body.access_token)).toMatchObject({
      reason: 'revoked',
    })
  })
})
