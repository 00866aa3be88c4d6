import { get } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import { answerErrors, type ErrorPage } from './answer-errors.ts'
import { notFound } from './not-found.ts'
import { Problem } from './problem.ts'
import { bareApp, recordedLogger, serve } from './serve.fixture.ts'
import { unavailable } from './unavailable.ts'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

function named(name: string, message = 'mongodb://user:hunter2@db:27017 is down'): Error {
  return Object.assign(new Error(message), { name })
}

const page = (error: ErrorPage) => `<p>${JSON.stringify(error)}</p>`

const failures: Record<string, () => unknown> = {
  400: () =>
    new Problem({
      status: 400,
      code: 'invalid_input',
      detail: 'Please check what you entered.',
      fields: [{ field: 'username', message: 'This is required.' }],
    }),
  401: () => new Problem({ status: 401, code: 'not_signed_in', detail: 'Sign in.' }),
  bearer: () =>
    new Problem({
      status: 401,
      code: 'invalid_token',
      detail: 'Another token.',
      headers: { 'WWW-Authenticate': 'Bearer' },
    }),
  403: () => new Problem({ status: 403, code: 'foreign_origin', detail: 'From another site.' }),
  413: () => new Problem({ status: 413, code: 'payload_too_large', detail: 'Too large.' }),
  429: () =>
    new Problem({
      status: 429,
      code: 'slow_down',
      detail: 'Wait.',
      headers: { 'Retry-After': '9' },
    }),
  '429 without a time': () => new Problem({ status: 429, code: 'slow_down', detail: 'Wait.' }),
  500: () => new TypeError('cannot read hunter2 of undefined'),
  503: () => unavailable(new Error('hunter2')),
}

// What a library may throw instead of an error of ours.
const oddities: Record<string, unknown> = {
  text: 'hunter2',
  object: { status: 404, code: 'not_here', message: 'hunter2' },
  'status in words': Object.assign(new Error('hunter2'), { status: '404', code: 'not_here' }),
  'a code without a status': Object.assign(new Error('hunter2'), { code: 'not_here' }),
  'a status without a code': Object.assign(new Error('hunter2'), { status: 404 }),
  'an exposed 404': Object.assign(new Error('hunter2'), { expose: true, statusCode: 404 }),
}

function failingApp() {
  const recorded = recordedLogger()
  const app = bareApp()
  app.get('/fail/:kind', (req) => {
    throw failures[req.params.kind]?.()
  })
  app.get('/throw/:name', (req) => {
    throw named(req.params.name)
  })
  app.get('/kit', () => {
    const fields = { status: 503, code: 'session_unavailable', headers: { 'Retry-After': 2 } }
    throw Object.assign(new Error('The session cannot be read.'), fields)
  })
  app.get('/upstream', () => {
    throw Object.assign(new Error('hunter2'), { status: 404, code: 'ERR_BAD_REQUEST' })
  })
  app.get('/status/:status', (req) => {
    throw Object.assign(new Error('Odd.'), { status: Number(req.params.status), code: 'odd' })
  })
  app.get('/thrown/:kind', (req) => {
    throw oddities[req.params.kind]
  })
  app.get('/parameter/:name', (_req, res) => void res.json({}))
  app.get('/late', (_req, res, next) => {
    res.write('half an answer')
    setTimeout(() => next(new Error('then it broke')), 20)
  })
  app.post('/json', express.json({ limit: 100 }), (_req, res) => void res.json({}))
  app.use(notFound(), answerErrors({ logger: recorded.logger, page }))
  return { app, ...recorded }
}

describe('answerErrors', () => {
  it.each([
    ['/fail/400', 400, 'Bad Request', 'invalid_input'],
    ['/fail/403', 403, 'Forbidden', 'foreign_origin'],
    ['/absent', 404, 'Not Found', 'not_found'],
    ['/fail/413', 413, 'Payload Too Large', 'payload_too_large'],
    ['/fail/429', 429, 'Too Many Requests', 'slow_down'],
    ['/fail/500', 500, 'Internal Server Error', 'internal_error'],
    ['/fail/503', 503, 'Service Unavailable', 'temporarily_unavailable'],
  ])(
    'answers %s with problem details or a page, without internals',
    async (path, status, title, code) => {
      const { app } = failingApp()
      const json = await request(app).get(path)
      expect(json.status).toBe(status)
      expect(json.headers['content-type']).toMatch('application/problem+json')
      expect(json.headers['cache-control']).toBe('no-store')
      expect(json.body).toMatchObject({ type: 'about:blank', title, status, code })
      const html = await request(app).get(path).set('Accept', browser)
      expect(html.status).toBe(status)
      expect(html.headers['content-type']).toMatch('text/html')
      expect(html.text).toContain(`"status":${status},"title":"${title}"`)
      for (const text of [json.text, html.text])
        expect(text).not.toMatch(/hunter2|\.ts\b|\n {4}at /)
    },
  )

  it('names every wrong field', async () => {
    const answer = await request(failingApp().app).get('/fail/400')
    expect(answer.body.errors).toEqual([{ field: 'username', message: 'This is required.' }])
  })

  it('sends Retry-After', async () => {
    const { app } = failingApp()
    expect((await request(app).get('/fail/429')).headers['retry-after']).toBe('9')
    const untold = await request(app).get('/fail/429 without a time')
    expect(untold.headers['retry-after']).toBe('1')
    expect((await request(app).get('/fail/503')).headers['retry-after']).toBe('1')
    expect((await request(app).get('/fail/403')).headers['retry-after']).toBeUndefined()
  })

  it('treats an error of the same shape as a Problem, and no other', async () => {
    const { app } = failingApp()
    const kit = await request(app).get('/kit')
    expect([kit.status, kit.body.code, kit.headers['retry-after']]).toEqual([
      503,
      'session_unavailable',
      '2',
    ])
    const upstream = await request(app).get('/upstream')
    expect([upstream.status, upstream.body.code]).toEqual([500, 'internal_error'])
  })

  it.each(Object.keys(oddities))('answers %s with a bare 500', async (kind) => {
    const answer = await request(failingApp().app).get(`/thrown/${kind}`)
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error'])
    expect(answer.text).not.toContain('hunter2')
  })

  it('takes the status of an error only if it is one of a failure', async () => {
    const { app } = failingApp()
    const statuses = [200, 399, 400, 599, 600].map(async (status) => {
      return (await request(app).get(`/status/${status}`)).status
    })
    expect(await Promise.all(statuses)).toEqual([500, 500, 400, 599, 500])
  })

  it('sends a challenge with every 401, and with nothing else', async () => {
    const { app } = failingApp()
    const challenges = ['401', 'bearer', '403'].map(async (kind) => {
      return (await request(app).get(`/fail/${kind}`)).headers['www-authenticate']
    })
    expect(await Promise.all(challenges)).toEqual(['Session', 'Bearer', undefined])
  })

  it.each([
    'MongooseServerSelectionError',
    'MongoNetworkError',
    'MongoOperationTimeoutError',
    'MaxRetriesPerRequestError',
  ])('answers 503 when a store is down: %s (R62)', async (name) => {
    const answer = await request(failingApp().app).get(`/throw/${name}`)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.text).not.toContain('hunter2')
  })

  it('answers a URL that cannot be decoded with 400', async () => {
    const answer = await request(failingApp().app).get('/parameter/%ff')
    expect([answer.status, answer.body.code]).toEqual([400, 'bad_request'])
  })

  it('logs the causes of its own failures, and no client errors (R61)', async () => {
    const { app, events, lines } = failingApp()
    await request(app).get('/fail/503')
    await request(app).post('/json').type('json').send('{"password":hunter2}')
    expect(events()).toHaveLength(1)
    expect(lines[0]).toContain('hunter2')
  })

  it('logs an unknown error itself, and a known failure by its code (R61)', async () => {
    const { app, events } = failingApp()
    await request(app).get('/fail/500')
    await request(app).get('/kit')
    expect(events().map(({ err }) => [err.type, err.code])).toEqual([
      ['TypeError', undefined],
      ['Problem', 'session_unavailable'],
    ])
  })

  it('cuts the connection if half an answer is already out', async () => {
    const { app, events } = failingApp()
    const { port, close } = await serve(app)
    const outcome = await new Promise((resolve) => {
      get({ port, path: '/late' }, (res) => {
        res.resume()
        res.on('error', () => resolve('cut off')).on('end', () => resolve('whole'))
      })
    })
    close()
    expect(outcome).toBe('cut off')
    expect(events()[0].err.message).toBe('then it broke')
  })
})
