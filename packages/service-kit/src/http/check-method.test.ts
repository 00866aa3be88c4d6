import { describe, expect, it } from '@jest/globals'
import { Router } from 'express'
import request from 'supertest'
import { answerErrors } from './answer-errors.ts'
import { checkMethod } from './check-method.ts'
import { notFound } from './not-found.ts'
import { bareApp, recordedLogger } from './serve.fixture.ts'

function appWithRoutes() {
  const { logger } = recordedLogger()
  const inner = Router()
  inner.delete('/things/:id', (_req, res) => void res.sendStatus(204))
  inner.post('/things/sort', (_req, res) => void res.sendStatus(204))
  const router = Router()
  router.get(['/things', '/all-things'], (_req, res) => void res.json([]))
  router.use(inner)
  router.post('/things', (_req, res) => void res.sendStatus(201))
  const app = bareApp()
  app.use('/base', checkMethod(router), router)
  app.use(notFound(), answerErrors({ logger, page: ({ title }) => title }))
  return app
}

describe('a method that an address does not have', () => {
  it.each([
    ['put', '/base/things', 'GET, HEAD, OPTIONS, POST'],
    ['post', '/base/all-things', 'GET, HEAD, OPTIONS'],
    ['head', '/base/things/7', 'DELETE, OPTIONS'],
    ['get', '/base/things/sort', 'DELETE, OPTIONS, POST'],
  ] as const)('is 405 with Allow: %s %s', async (method, path, allow) => {
    const answer = await request(appWithRoutes())[method](path).expect(405)
    expect(answer.headers.allow).toBe(allow)
    if (method !== 'head') expect(answer.body.code).toBe('method_not_allowed')
  })

  it('is 404 at an address that is not there', async () => {
    await request(appWithRoutes()).put('/base/nothing').expect(404)
    await request(appWithRoutes()).put('/things').expect(404)
  })
})

describe('a method that an address has', () => {
  it('passes, whichever of its routes has it', async () => {
    const app = appWithRoutes()
    await request(app).get('/base/things').expect(200)
    await request(app).head('/base/all-things').expect(200)
    await request(app).post('/base/things').expect(201)
    await request(app).post('/base/things/sort').expect(204)
    await request(app).delete('/base/things/sort').expect(204)
  })
})

describe('OPTIONS', () => {
  it('is 204 with every method of the address', async () => {
    const answer = await request(appWithRoutes()).options('/base/things').expect(204)
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS, POST')
  })

  it('with which a browser asks for another origin is left to who answers that', async () => {
    const router = Router()
    router.use((_req, res) => void res.sendStatus(200))
    router.get('/things', (_req, res) => void res.json([]))
    const app = bareApp().use(checkMethod(router), router)
    const preflight = request(app).options('/things').set('Access-Control-Request-Method', 'GET')
    await preflight.expect(200)
  })
})
