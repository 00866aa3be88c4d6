import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Response } from 'express'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { cookieOf, sessionIdOf, startTestApp } from '../test-app.fixture.ts'

let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>

/** Every kind of answer, each sent after a change to the session. */
const answers: Record<string, (res: Response) => unknown> = {
  json: (res) => res.json({ ok: true }),
  'json, then end': (res) => res.json({ ok: true }).end(),
  'only a status': (res) => res.sendStatus(202),
  redirect: (res) => res.redirect(303, '/'),
  'end with a callback': (res) => res.end('done', () => undefined),
  'writeHead and end': (res) => res.writeHead(202, { 'Content-Type': 'text/plain' }).end('done'),
  'a stream': (res) => {
    res.write('one ')
    setTimeout(() => res.end('two'), 20)
  },
  'no session any more': (res) => {
    Object.assign(res.req, { session: null })
    res.json({ ok: true })
  },
  'a session that differs on every read': (res) => {
    Object.assign(res.req.session, { value: { toJSON: () => randomUUID() } })
    res.json({ ok: true })
  },
  'a value nested 5,000 levels deep': (res) => {
    const deep: unknown = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)
    Object.assign(res.req.session, { deep })
    res.json({ ok: true })
  },
  'a value nested 200 levels deep': (res) => {
    const deep: unknown = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)
    Object.assign(res.req.session, { deep })
    res.json({ ok: true })
  },
  'a value that contains itself': (res) => {
    Object.assign(res.req.session, { self: res.req.session })
    res.json({ ok: true })
  },
  'a BigInt': (res) => {
    Object.assign(res.req.session, { count: 1n })
    res.json({ ok: true })
  },
  'no cookie data': (res) => {
    Reflect.deleteProperty(res.req.session, 'cookie')
    res.json({ ok: true })
  },
  'a cookie with an invalid path': (res) => {
    res.req.session.cookie.path = '/\r\n'
    res.json({ ok: true })
  },
  'an invalid chunk': (res) => {
    res.end(...JSON.parse('[{"not":"a chunk"}]'))
  },
}

beforeAll(async () => {
  services = await testRedis()
  app = await startTestApp({
    ...services,
    publicUrl: 'http://localhost',
    routes: (app) => {
      app.post('/answer', (req, res) => {
        const { kind, value } = req.query
        Object.assign(req.session, { value })
        if (typeof kind === 'string') answers[kind]?.(res)
      })
    },
  })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

async function answerOf(kind: string, cookie: string, value = kind) {
  const query = new URLSearchParams({ kind, value })
  return app.send('POST', `/answer?${query}`, { cookie })
}

async function storedValue(cookie: string): Promise<unknown> {
  const json = await services.redis.get(`${services.prefix}${sessionIdOf(cookie)}`)
  return JSON.parse(json ?? '{}').value
}

describe('an answer after a change to the session', () => {
  it.each([
    ['json', 200, '{"ok":true}'],
    ['json, then end', 200, '{"ok":true}'],
    ['only a status', 202, 'Accepted'],
    ['redirect', 303, 'See Other. Redirecting to /'],
    ['end with a callback', 200, 'done'],
    ['writeHead and end', 202, 'done'],
    ['a stream', 200, 'one two'],
  ])('goes out complete, with the change stored: %s', async (kind, status, text) => {
    const cookie = await app.signIn()
    expect(await answerOf(kind, cookie)).toMatchObject({ status, text })
    expect(await storedValue(cookie)).toBe(kind)
  })

  it('goes out if the handler drops the session; the change is not stored', async () => {
    const cookie = await app.signIn()
    expect(await answerOf('no session any more', cookie)).toMatchObject({ status: 200 })
    expect(await storedValue(cookie)).toBeUndefined()
  })

  it('goes out if the session differs on every read', async () => {
    const answer = await answerOf('a session that differs on every read', await app.signIn())
    expect(answer).toMatchObject({ status: 200, text: '{"ok":true}' })
  })

  it('goes out with the cookie of a new session', async () => {
    const answer = await answerOf('json', '')
    expect(answer.status).toBe(200)
    expect(await storedValue(cookieOf(answer))).toBe('json')
  })

  it('becomes a 409 without a cookie if the session ends before the change is stored (N9)', async () => {
    const cookie = await app.signIn()
    const [answer] = await Promise.all([
      app.send('POST', '/fields?late=yes&after=50', { cookie }),
      app.send('POST', '/logout', { cookie }),
    ])
    expect(answer).toMatchObject({ status: 409 })
    expect(JSON.parse(answer.text)).toMatchObject({ status: 409, code: 'session_ended' })
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('goes out if the session has ended and there was nothing to store', async () => {
    const cookie = await app.signIn()
    const [answer] = await Promise.all([
      app.send('POST', '/fields?after=50', { cookie }),
      app.send('POST', '/logout', { cookie }),
    ])
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it.each([
    'a value nested 5,000 levels deep',
    'a value nested 200 levels deep',
    'a value that contains itself',
    'a BigInt',
  ])(
    '(R62) becomes a 500 if the session cannot be stored, and nothing else fails: %s',
    async (kind) => {
      const cookie = await app.signIn()
      expect(await answerOf(kind, cookie)).toMatchObject({ status: 500 })
      expect(await answerOf(kind, '')).toMatchObject({ status: 500 })
      expect(await app.send('GET', '/me', { cookie })).toMatchObject({ status: 200 })
      expect(await storedValue(cookie)).toBeUndefined()
    },
  )

  it.each(['no cookie data', 'a cookie with an invalid path'])(
    '(R62) becomes a 500 if no cookie can be made, and nothing else fails: %s',
    async (kind) => {
      const cookie = await app.signIn()
      expect(await answerOf(kind, cookie)).toMatchObject({ status: 500 })
      expect(await app.send('GET', '/me', { cookie })).toMatchObject({ status: 200 })
    },
  )

  it('becomes a 500 if it cannot be sent, and the process keeps running', async () => {
    const cookie = await app.signIn()
    const failed = new Promise((resolve) => process.once('unhandledRejection', resolve))
    const outcome = await Promise.race([
      failed,
      answerOf('an invalid chunk', cookie).then(({ status }) => status),
    ])
    expect(outcome).toBe(500)
  })
})
