import { describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { answerErrors } from './answer-errors.ts'
import { acceptBody } from './accept-body.ts'
import { checkOrigin, requireTokenOfNullOrigin } from './check-origin.ts'
import { bareApp, recordedLogger } from './serve.fixture.ts'

const app = bareApp()
app.use(
  checkOrigin({
    ownOrigin: 'https://login.example',
    allowedOrigins: ['https://shop.example'],
    bodyTokenPaths: ['/by-token', '/maybe-token'],
  }),
)
app.post('/maybe-token', acceptBody(), requireTokenOfNullOrigin('token'))
app.use(['/any', '/by-token', '/maybe-token'], (_req, res) => void res.json({}))
app.use(answerErrors({ logger: recordedLogger().logger, page: () => '' }))

async function statusOf(method: 'get' | 'post' | 'delete', headers: Record<string, string>) {
  return (await request(app)[method]('/any').set(headers)).status
}

describe('checkOrigin on an unsafe method (R32)', () => {
  it.each([
    ['our own page', { Origin: 'https://login.example', 'Sec-Fetch-Site': 'same-origin' }],
    ['a listed origin', { Origin: 'https://shop.example', 'Sec-Fetch-Site': 'same-site' }],
    [
      'the origin that the browser used',
      { Origin: 'https://127.0.0.1:3000', Host: '127.0.0.1:3000' },
    ],
    ['our own no-referrer page', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }],
    ['a client that is not a browser', {}],
  ])('lets %s pass', async (_who, headers) => {
    expect(await statusOf('post', headers)).toBe(200)
    expect(await statusOf('delete', headers)).toBe(200)
  })

  it.each([
    ['a foreign origin', { Origin: 'https://evil.example' }],
    [
      'a foreign origin that claims to be same-origin',
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
    ],
    ['a sister domain', { Origin: 'https://evil.login.example' }],
    ['our name over plain http', { Origin: 'http://login.example', Host: 'login.example' }],
    ['our name on another port', { Origin: 'https://login.example:8443', Host: 'login.example' }],
    ['another port of this machine', { Origin: 'https://127.0.0.1:81', Host: '127.0.0.1:82' }],
    ['a foreign name that leads here', { Origin: 'https://evil.example', Host: 'evil.example' }],
    ['a bare null', { Origin: 'null' }],
    ['null from a sister site', { Origin: 'null', 'Sec-Fetch-Site': 'same-site' }],
    ['null without an initiating site', { Origin: 'null', 'Sec-Fetch-Site': 'none' }],
    ['a cross-site request', { 'Sec-Fetch-Site': 'cross-site' }],
    [
      'a cross-site request from a listed origin',
      { Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' },
    ],
    ['an empty origin', { Origin: '' }],
  ])('refuses %s', async (_who, headers) => {
    expect(await statusOf('post', headers)).toBe(403)
    expect(await statusOf('delete', headers)).toBe(403)
  })

  it('says why', async () => {
    const answer = await request(app).post('/any').set('Origin', 'https://evil.example')
    expect(answer.body.code).toBe('foreign_origin')
  })
})

describe('checkOrigin on a path that a token in the body authorises (R32)', () => {
  it.each([
    ['a bare null', { Origin: 'null' }, 200],
    ['null from a cross-site page', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a foreign origin', { Origin: 'https://evil.example' }, 403],
  ])('answers %s', async (_who, headers, status) => {
    expect((await request(app).post('/by-token').set(headers)).status).toBe(status)
  })
})

describe('requireTokenOfNullOrigin (R32)', () => {
  async function statusWith(body: object, headers: Record<string, string>) {
    return (await request(app).post('/maybe-token').set(headers).send(body)).status
  }

  it('lets a bare null pass with a token', async () => {
    expect(await statusWith({ token: 'a' }, { Origin: 'null' })).toBe(200)
  })

  it.each([[{}], [{ token: '' }], [{ token: 1 }], [{ other: 'a' }]])(
    'refuses a bare null with the body %j',
    async (body) => {
      expect(await statusWith(body, { Origin: 'null' })).toBe(403)
    },
  )

  it.each([
    [{}],
    [{ Origin: 'https://login.example' }],
    [{ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }],
  ])('asks for no token with the headers %j', async (headers) => {
    expect(await statusWith({}, headers)).toBe(200)
  })
})

describe('checkOrigin on a safe method', () => {
  it('lets every origin pass', async () => {
    expect(await statusOf('get', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' })).toBe(200)
  })
})
