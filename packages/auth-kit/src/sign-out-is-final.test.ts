import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { pause, sessionIdOf, startTestApp, type Answer } from './test-app.fixture.ts'

const ROUNDS = Number(process.env.RACES ?? 300)
const WRITERS = 20

let services: Awaited<ReturnType<typeof testRedis>>
/** Two servers that share sessions: one signs out, the other makes the racing writes. */
let signOutApp: Awaited<ReturnType<typeof startTestApp>>
let writersApp: Awaited<ReturnType<typeof startTestApp>>
/** How many writes of the test were stored, and how many came too late. */
let writes: { stored: number; tooLate: number }
const loaded = { times: 0 }

beforeAll(async () => {
  services = await testRedis()
  const options = { ...services, publicUrl: 'http://localhost' }
  signOutApp = await startTestApp(options)
  writersApp = await startTestApp(options)
  countWrites()
})
beforeEach(() => {
  writes = { stored: 0, tooLate: 0 }
})
afterAll(async () => {
  await signOutApp.close()
  await writersApp.close()
  await services.close()
})

/** Counts loads and the outcomes of writes without changing them. */
function countWrites(): void {
  const { store } = writersApp
  const update = store.updateSession.bind(store)
  store.updateSession = async (id, session) => {
    const isStored = await update(id, session)
    writes[isStored ? 'stored' : 'tooLate'] += 1
    return isStored
  }
  const load = store.getSession.bind(store)
  store.getSession = async (id) => {
    const session = await load(id)
    loaded.times += 1
    return session
  }
}

async function isHonoured(cookie: string): Promise<boolean> {
  const answers = await Promise.all(
    [signOutApp, writersApp].map((app) => answered(() => app.send('GET', '/me', { cookie }))),
  )
  return answers.some(({ status }) => status !== 401)
}

/** Retries a 503: on a busy machine Redis may exceed its deadline. */
async function answered(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask()
  return answer.status === 503 ? answered(ask) : answer
}

const keyOf = (cookie: string) => `${services.prefix}${sessionIdOf(cookie)}`

/** Signs in, lets each writer change its own field of the session, and signs out in between. */
async function race(round: number): Promise<string> {
  const cookie = await signOutApp.signIn()
  const write = (writer: number) =>
    writersApp.send('POST', `/fields?field${writer}=${round}`, { cookie })
  const early = Array.from({ length: WRITERS / 2 }, (_, writer) => write(writer))
  // Waits differently each round, so that every order of steps occurs.
  await pause(round % 4)
  const signOut = answered(() => signOutApp.send('POST', '/logout', { cookie }))
  const late = Array.from({ length: WRITERS / 2 }, (_, writer) => write(writer + WRITERS / 2))
  const answers: Answer[] = await Promise.all([...early, ...late])
  // 409: the change came too late to be stored.
  for (const { status } of answers) expect([200, 409, 503]).toContain(status)
  expect((await signOut).status).toBe(200)
  return cookie
}

describe('a session after its sign-out', () => {
  it(
    `stays ended in ${ROUNDS} races with ${WRITERS} requests that change it (C1, R25, N2)`,
    async () => {
      let honoured = 0
      for (let round = 0; round < ROUNDS; round += 1) {
        const cookie = await race(round)
        if (await isHonoured(cookie)) honoured += 1
      }
      expect(honoured).toBe(0)
      // Proves that there was a race: some writes came before the sign-out, some too late.
      expect(writes.stored).toBeGreaterThan(ROUNDS / 10)
      expect(writes.tooLate).toBeGreaterThan(ROUNDS / 10)
    },
    60_000 + ROUNDS * 200,
  )

  it('is not revived by a request that loaded it before and saves it 100 ms later (C1)', async () => {
    const cookie = await signOutApp.signIn()
    const before = loaded.times
    const late = writersApp.send('POST', '/fields?late=yes&after=100', { cookie })
    while (loaded.times === before) await pause(1)
    await signOutApp.send('POST', '/logout', { cookie })
    expect((await late).status).toBe(409)
    expect(writes).toEqual({ stored: 0, tooLate: 1 })
    expect(await services.redis.exists(keyOf(cookie))).toBe(0)
    expect(await isHonoured(cookie)).toBe(false)
  })

  it('has ended everywhere once the sign-out is answered (R25, N2)', async () => {
    for (let round = 0; round < 50; round += 1) {
      const cookie = await writersApp.signIn()
      expect((await writersApp.send('GET', '/me', { cookie })).status).toBe(200)
      await signOutApp.send('POST', '/logout', { cookie })
      expect(await isHonoured(cookie)).toBe(false)
    }
  })

  it('is not honoured if a stock app writes it again, and the next read removes it (C1)', async () => {
    for (let round = 0; round < 50; round += 1) {
      const cookie = await signOutApp.signIn()
      const json = (await services.redis.get(keyOf(cookie))) ?? ''
      await signOutApp.send('POST', '/logout', { cookie })
      await services.redis.set(keyOf(cookie), json, 'EX', 1000)
      expect(await isHonoured(cookie)).toBe(false)
      expect(await services.redis.exists(keyOf(cookie))).toBe(0)
    }
  })

  it('stays ended if a stock app’s write races a read (C1)', async () => {
    for (let round = 0; round < 100; round += 1) {
      const cookie = await signOutApp.signIn()
      const json = (await services.redis.get(keyOf(cookie))) ?? ''
      await Promise.all([
        signOutApp.send('POST', '/logout', { cookie }),
        services.redis.set(keyOf(cookie), json, 'EX', 1000),
        writersApp.send('POST', '/fields?race=yes', { cookie }),
        services.redis.set(keyOf(cookie), json, 'EX', 1000),
      ])
      await services.redis.set(keyOf(cookie), json, 'EX', 1000)
      await writersApp.send('POST', '/fields?late=yes', { cookie })
      expect(await isHonoured(cookie)).toBe(false)
    }
  })
})
