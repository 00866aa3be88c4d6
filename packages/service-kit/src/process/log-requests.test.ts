import { describe, expect, it } from '@jest/globals'
import { Router } from 'express'
import request from 'supertest'
import { answerErrors } from '../http/answer-errors.ts'
import { logRequests } from './log-requests.ts'
import { notFound } from '../http/not-found.ts'
import { bareApp, recordedLogger } from '../http/serve.fixture.ts'

function loggedApp(form = {}) {
  const recorded = recordedLogger(form)
  const app = bareApp().use(logRequests(recorded.logger))
  const inner = Router()
  inner.get('/here', (_req, res) => void res.set('Set-Cookie', 'session=hunter2').json({}))
  inner.get('/healthz', (_req, res) => void res.json({}))
  inner.get('/style.css', (_req, res) => void res.send(''))
  inner.get('/broken', () => {
    throw new Error('outer', { cause: new Error('inner reason') })
  })
  app.use('/base', inner)
  app.use(notFound(), answerErrors({ logger: recorded.logger, page: () => '' }))
  return { app, ...recorded }
}

describe('logRequests', () => {
  it('logs method, whole path, status, time and the request id that the client gets', async () => {
    const { app, events } = loggedApp()
    const answer = await request(app).get('/base/here?token=hunter2')
    expect(events()).toHaveLength(1)
    expect(events()[0]).toMatchObject({
      level: 30,
      req: { id: answer.headers['x-request-id'], method: 'GET', path: '/base/here' },
      res: { status: 200 },
      ms: expect.any(Number),
      msg: 'GET /base/here 200',
    })
  })

  it('writes no query, cookie, authorization or set-cookie (R61)', async () => {
    const { app, lines } = loggedApp()
    await request(app)
      .get('/base/here?token=hunter2')
      .set('Cookie', 'session=hunter2')
      .set('Authorization', 'Bearer hunter2')
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('hunter2')
  })

  it.each(['/base/token/', '/BASE/token/', '/base/token/x?y', '//base/token/'])(
    'hides a token in a path such as %s (R61)',
    async (path) => {
      const { app, lines } = loggedApp()
      const token = 'hunter2-'.repeat(5) + 'abc'
      await request(app).get(path.replace('token', token))
      await request(app).get(path.replace('token', token.replace('hunter2', '%68unter2')))
      expect(lines.join()).not.toContain('unter2')
      expect(lines.join()).toContain('/[hidden]')
    },
  )

  it('logs 4xx at info and 5xx at error with its causes (R62)', async () => {
    const { app, events } = loggedApp()
    await request(app).get('/absent')
    await request(app).get('/base/broken')
    expect(events().map(({ level, res }) => [level, res.status])).toEqual([
      [30, 404],
      [50, 500],
    ])
    expect(events()[1].err).toMatchObject({ message: 'outer', cause: { message: 'inner reason' } })
  })

  it('leaves health checks out', async () => {
    const { app, lines } = loggedApp()
    await request(app).get('/base/healthz')
    expect(lines).toEqual([])
  })

  it('leaves assets out, unless one is missing', async () => {
    const { app, events } = loggedApp()
    await request(app).get('/base/style.css?v=1')
    await request(app).get('/base/absent.css')
    expect(events().map(({ msg }) => msg)).toEqual(['GET /base/absent.css 404'])
  })

  it.each([{ pretty: false }, { pretty: true }])(
    'lets no path or header start a line, pretty: $pretty (R61)',
    async (form) => {
      const { app, lines } = loggedApp(form)
      await request(app).get('/a%0d%0aforged%1b[2J').set('User-Agent', 'x\u0085{"level":60}')
      expect(lines).toHaveLength(1)
      expect(lines[0]?.trimEnd()).not.toMatch(/\p{Cc}/u)
    },
  )
})
