import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOwnRedis } from '../../../../tools/services/own-instances.ts'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { AUDIENCE, makeKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'
import { openRedis } from '../redis/open-redis.ts'
import { limitPerToken, requireAccessToken } from '../tokens.ts'
import { startApi } from './api.fixture.ts'

let services: Awaited<ReturnType<typeof testRedis>>
let issuer: Awaited<ReturnType<typeof startIssuer>>
beforeAll(async () => {
  services = await testRedis()
  issuer = await startIssuer([await makeKey('EdDSA', 'first')])
})
afterAll(() => Promise.all([services.close(), issuer.stop()]))

function startLimited(options: {
  limit: number
  windowSeconds: number
  redis?: ReturnType<typeof openRedis>
}) {
  const { redis, prefix } = services
  const guard = requireAccessToken({
    issuer: issuer.issuer,
    audience: AUDIENCE,
    jwks: issuer.jwks(),
  })
  return startApi(guard, limitPerToken({ redis, prefix: `${prefix}limit:`, ...options }))
}

describe('limitPerToken', () => {
  it('lets exactly `limit` requests of a token pass, over two servers at the same time', async () => {
    const options = { limit: 10, windowSeconds: 60 }
    const one = await startLimited(options)
    const two = await startLimited(options)
    const token = await issuer.sign()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => (at % 2 ? one : two).withToken(token)),
    )
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10)
    const refused = answers.find((answer) => answer.status === 429)
    expect(refused?.body).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(Number(refused?.retryAfter)).toBeGreaterThan(55)
    expect(Number(refused?.retryAfter)).toBeLessThanOrEqual(60)
    expect((await one.withToken(await issuer.sign())).status).toBe(200)
    await Promise.all([one.stop(), two.stop()])
  })

  it('resets after the window; refused requests do not extend it', async () => {
    const api = await startLimited({ limit: 1, windowSeconds: 0.6 })
    const token = await issuer.sign()
    const ask = async () => (await api.withToken(token)).status
    expect([await ask(), await ask()]).toEqual([200, 429])
    await pause(400)
    expect(await ask()).toBe(429)
    await pause(250)
    expect([await ask(), await ask()]).toEqual([200, 429])
    await api.stop()
  })

  it('answers a quick 503 while Redis is down (R62)', async () => {
    const server = await startOwnRedis()
    const redis = openRedis(server.url, () => undefined)
    const api = await startLimited({ limit: 9, windowSeconds: 60, redis })
    const token = await issuer.sign()
    expect((await api.withToken(token)).status).toBe(200)
    server.pause()
    const start = performance.now()
    const answer = await api.withToken(token)
    expect(answer).toMatchObject({
      status: 503,
      retryAfter: '1',
      body: { code: 'tokens_unavailable' },
    })
    expect(performance.now() - start).toBeLessThan(400)
    server.resume()
    redis.disconnect()
    await Promise.all([api.stop(), server.stop()])
  })

  it('lets nobody pass without `requireAccessToken` before it', async () => {
    const { redis } = services
    const api = await startApi(
      limitPerToken({ redis, limit: 1, windowSeconds: 1 }),
      (_req, res) => {
        res.json({ passed: true })
      },
    )
    expect((await fetch(`${api.url}/orders`)).status).toBe(500)
    await api.stop()
  })

  it.each([{ limit: 0 }, { limit: 1.5 }, { windowSeconds: 0 }, { windowSeconds: Number.NaN }])(
    'refuses %j when the app starts',
    (wrong) => {
      const { redis } = services
      const options = { redis, limit: 1, windowSeconds: 1, ...wrong }
      expect(() => limitPerToken(options)).toThrow('more than 0')
    },
  )
})
