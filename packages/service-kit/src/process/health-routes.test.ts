import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { answerErrors } from '../http/answer-errors.ts'
import { healthRoutes, operatorListener } from './health-routes.ts'
import { createMetrics } from './metrics.ts'
import { notFound } from '../http/not-found.ts'
import { bareApp, recordedLogger } from '../http/serve.fixture.ts'

type Health = {
  checks?: Record<string, () => Promise<unknown>>
  draining?: boolean
  tokenOnly?: boolean
  metricsPort?: number
}

const up = async () => 'PONG'
const metricsToken = 'a token for the one who collects'

function healthyApp({ checks = { redis: up }, draining = false, ...access }: Health = {}) {
  const metrics = createMetrics()
  const app = bareApp().set('trust proxy', true)
  app.use(metrics.measureRequests)
  const describe = async (nonce: string) => ({ prefix: 'sess:', asked: nonce })
  const isDraining = () => draining
  app.use(healthRoutes({ checks, metrics, metricsToken, isDraining, describe, ...access }))
  app.get('/orders/:id', (_req, res) => void res.json({}))
  return app.use(notFound(), answerErrors({ logger: recordedLogger().logger, page: () => '' }))
}

const never = () => new Promise<string>(() => undefined)
const broken = () => Promise.reject(new Error('mongodb://user:hunter2@db'))

describe('GET /healthz', () => {
  it('says alive and nothing more, to anybody (R65)', async () => {
    const answer = await request(healthyApp()).get('/healthz').set('X-Forwarded-For', '203.0.113.9')
    expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}'])
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})

describe('GET /readyz', () => {
  it('names every dependency', async () => {
    const answer = await request(healthyApp({ checks: { redis: up, mongo: up } })).get('/readyz')
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      status: 'ok',
      dependencies: {
        redis: { status: 'up', ms: expect.any(Number) },
        mongo: { status: 'up', ms: expect.any(Number) },
      },
    })
  })

  it('is 503 while one is down, and keeps the reason to itself', async () => {
    const answer = await request(healthyApp({ checks: { redis: broken } })).get('/readyz')
    expect([answer.status, answer.body.dependencies.redis.status]).toEqual([503, 'down'])
    expect(answer.text).not.toContain('hunter2')
  })

  it('waits a second at most for one that never answers', async () => {
    const started = performance.now()
    const answer = await request(healthyApp({ checks: { redis: never } })).get('/readyz')
    expect(answer.status).toBe(503)
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('is 503 while the server drains', async () => {
    const answer = await request(healthyApp({ draining: true })).get('/readyz')
    expect([answer.status, answer.body.status]).toEqual([503, 'draining'])
  })
})

describe('GET /metrics', () => {
  it('times requests by route template, never by address', async () => {
    const app = healthyApp()
    await request(app).get('/orders/4711')
    await request(app).get('/absent/4712')
    const { text } = await request(app).get('/metrics')
    expect(text).toContain('{method="GET",route="/orders/:id",status="200"} 1')
    expect(text).toContain('{method="GET",route="none",status="404"} 1')
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).not.toMatch(/="[^"]*471[12]/)
  })
})

describe('GET /doctor', () => {
  it('tells what servers compare, and whose word counts for an address', async () => {
    const nonce = 'chosen-by-who-asks'
    const { status, body } = await request(healthyApp()).get('/doctor').query({ nonce })
    expect([status, body]).toEqual([200, { prefix: 'sess:', asked: nonce, trustProxy: true }])
  })

  it.each([{}, { nonce: 'short' }, { nonce: ['a'.repeat(20), 'b'.repeat(20)] }])(
    'asks for a nonce: %j',
    async (query) => {
      expect((await request(healthyApp()).get('/doctor').query(query)).status).toBe(400)
    },
  )
})

describe.each(['/readyz', '/metrics', '/doctor?nonce=chosen-by-who-asks'])(
  'GET %s for outsiders (R65)',
  (path) => {
    it.each([
      { Forwarded: 'for=10.0.0.1' },
      { 'X-Forwarded-For': '127.0.0.1' },
      { 'X-Forwarded-Proto': 'https' },
      { 'X-Real-IP': '127.0.0.1' },
      { Via: '1.1 proxy' },
      { Via: '1.1 proxy', Authorization: 'Bearer wrong' },
      { Via: '1.1 proxy', Authorization: 'Bearer ' },
    ])('is not there when a proxy passed it on: %j', async (headers) => {
      const answer = await request(healthyApp())
        .get(path)
        .set({ ...headers })
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
    })

    it('opens to METRICS_TOKEN', async () => {
      const headers = { Via: '1.1 proxy', Authorization: `Bearer ${metricsToken}` }
      expect((await request(healthyApp()).get(path).set(headers)).status).toBe(200)
    })
  },
)

describe('the routes for the operator (R65)', () => {
  const paths = ['/readyz', '/metrics', '/doctor?nonce=0123456789abcdef']

  it('answer only the token where an address proves nothing, through a bare proxy too', async () => {
    const app = healthyApp({ tokenOnly: true })
    for (const path of paths) {
      await request(app).get(path).expect(404)
      await request(app).get(path).set('Authorization', `Bearer ${metricsToken}`).expect(200)
    }
    await request(app).get('/healthz').expect(200)
  })

  it('answer on a port of their own, which serves nothing else', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const metricsPort = typeof address === 'object' && address ? address.port : 0
    const app = healthyApp({ tokenOnly: true, metricsPort })
    server.on('request', operatorListener(app))
    for (const path of paths) await request(server).get(path).expect(200)
    await request(server).get('/orders/1').expect(404)
    await request(app).get('/metrics').expect(404)
    server.close()
  })
})
