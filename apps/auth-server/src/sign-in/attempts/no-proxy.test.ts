import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTcpProxy, type TcpProxy } from '../../../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { startUserService } from '../../../testing/user-service.fixture.ts'
import {
  freshAddress,
  settings,
  type TestServer,
  visitors,
} from '../../../testing/blocked-address.fixture.ts'

describe('a server without a configured proxy', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestApp({ ...settings, TRUST_PROXY: '', LOG_LEVEL: 'info' })
  })
  afterAll(() => server.close())

  it('never blocks a loopback or private address, ignores X-Forwarded-For and warns once', async () => {
    const { username } = await server.addUser()
    const visit = visitors(server)
    const from = freshAddress()
    for (let failure = 0; failure < 12; failure += 1) await visit.guess(from).expect(401)
    await visit.signIn(from, { username }).expect(200)
    expect(await server.blocks.countDocuments()).toBe(0)
    const warnings = server.log.filter((line) => line.includes('TRUST_PROXY is not set'))
    expect(warnings).toHaveLength(1)
  })
})

describe('a server with a user service while MongoDB is down', () => {
  let server: TestServer
  let mongo: TcpProxy
  let service: Awaited<ReturnType<typeof startUserService>>
  const secret = 'seven quiet rivers meet'
  beforeAll(async () => {
    const url = new URL(testMongoUrl())
    mongo = await startTcpProxy({ url: url.href })
    service = await startUserService()
    server = await startTestApp({
      ...settings,
      MONGO_URL: `${mongo.url}${url.pathname}`,
      USER_DIRECTORY_URL: service.url,
      USER_DIRECTORY_TOKEN: service.token,
    })
  })
  afterAll(async () => {
    await mongo.heal()
    await server.close()
    await mongo.stop()
    await service.close()
  })

  // Second factors are in MongoDB: without it, a password alone must not sign in.
  it('(R62) signs nobody in, keeps blocked addresses blocked and recovers afterwards', async () => {
    await service.add({ username: 'ada', password: secret })
    const visit = visitors(server)
    const blocked = freshAddress()
    await visit.block(blocked)
    mongo.hold()
    const begun = Date.now()
    const refused = await visit.signIn(freshAddress(), { username: 'ada', password: secret })
    expect(Date.now() - begun).toBeLessThan(2500)
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBeDefined()
    await visit.signIn(blocked, { username: 'ada', password: secret }).expect(429)
    const late = freshAddress()
    await visit.block(late)
    await visit.guess(late).expect(429)
    await mongo.heal()
    await visit.signIn(freshAddress(), { username: 'ada', password: secret }).expect(200)
    const stored = await untilStored(() => server.audited({ event: 'signed_in' }))
    expect(stored).toMatchObject([{ subjectName: 'ada', outcome: 'success' }])
  })
})

async function untilStored<Item>(read: () => Promise<Item[]>): Promise<Item[]> {
  for (let tries = 0; tries < 10; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const found = await read().catch(() => [])
    if (found.length > 0) return found
  }
  return []
}
