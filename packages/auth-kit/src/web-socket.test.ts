import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOwnRedis } from '../../../tools/services/own-instances.ts'
import { openRedis } from './redis/open-redis.ts'
import { ADA, pause, startTestApp } from './test-app.fixture.ts'

let redisServer: Awaited<ReturnType<typeof startOwnRedis>>
let redis: ReturnType<typeof openRedis>
let app: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  redisServer = await startOwnRedis()
  redis = openRedis(redisServer.url, () => undefined)
  app = await startTestApp({ redis, publicUrl: 'http://localhost' })
})
afterAll(async () => {
  await app.close()
  redis.disconnect()
  await redisServer.stop()
})

/** The response that WebSocket servers pass to middleware on an upgrade. */
const answers: [string, object][] = [
  ['ws: an empty response object', {}],
  ['engine.io: a response with a few methods', { setHeader() {}, getHeader() {}, end() {} }],
]

/** Runs middleware for an upgrade request and resolves with the argument of `next`. */
function upgrade(cookie: string, answer: object) {
  const request = { headers: { cookie }, method: 'GET', url: '/chat', user: undefined }
  const run = (middleware: object) =>
    new Promise((resolve) => Reflect.apply(Object(middleware), null, [request, answer, resolve]))
  return { request, run }
}

describe.each(answers)('a WebSocket upgrade, as in %s,', (_, answer) => {
  it('finds the signed-in user and passes a guard', async () => {
    const { request, run } = upgrade(await app.signIn(), answer)
    expect(await run(app.auth)).toBeUndefined()
    expect(request.user).toEqual(ADA)
    expect(await run(app.auth.loggedIn())).toBeUndefined()
  })

  it('is refused by a guard with next(error)', async () => {
    const { run } = upgrade('', answer)
    expect(await run(app.auth)).toBeUndefined()
    expect(await run(app.auth.loggedIn())).toMatchObject({ code: 'not_signed_in', status: 401 })
  })

  it('gets next(error) while Redis is down, and the process keeps running (C4, R62)', async () => {
    const { run } = upgrade(await app.signIn(), answer)
    await redisServer.kill()
    expect(await run(app.auth)).toMatchObject({ code: 'sessions_unavailable', status: 503 })
    await redisServer.restart()
    while (redis.status !== 'ready') await pause(20)
  })
})
