import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NextFunction, Request, Response } from 'express'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { testRedis } from '../../../../tools/testing/test-services.ts'
import { sessionIdOf, startTestApp } from '../test-app.fixture.ts'

type Handler = (res: Response, next: NextFunction, req: Request) => unknown

/** Handlers that continue after their answer, each with the answer that plain Express sends. */
const handlers: Record<string, [answer: string, handler: Handler]> = {
  'send, then json': [
    '403 forbidden',
    (res) => {
      res.status(403).send('forbidden')
      res.status(200).json({ secret: 42 })
    },
  ],
  'sendStatus, then json': [
    '403 Forbidden',
    (res) => {
      res.sendStatus(403)
      res.json({ secret: 42 })
    },
  ],
  'redirect, then a page': [
    '302 Found. Redirecting to /login',
    (res) => {
      res.redirect('/login')
      res.status(200).send('<h1>payroll</h1>')
    },
  ],
  'json, then an error': [
    '200 {"ok":1}',
    (res) => {
      res.json({ ok: 1 })
      throw new Error('after the answer')
    },
  ],
  'json, then an error a moment later': [
    '200 {"ok":1}',
    async (res) => {
      res.json({ ok: 1 })
      await Promise.resolve()
      throw new Error('after the answer')
    },
  ],
  'send, then next()': [
    '200 fine',
    (res, next) => {
      res.send('fine')
      next()
    },
  ],
  'json, then next() unless the answer is out': [
    '200 {"ok":1}',
    (res, next) => {
      res.json({ ok: 1 })
      if (!res.headersSent) next()
    },
  ],
  'json, then another status': [
    '200 {"ok":1}',
    (res) => {
      res.json({ ok: 1 })
      res.status(500)
    },
  ],
  'json, then a cookie': [
    '200 {"ok":1}',
    (res) => {
      res.json({ ok: 1 })
      res.cookie('late', '1')
    },
  ],
  'writeHead and end, then json': [
    '418 teapot',
    (res) => {
      res.writeHead(418, { 'Content-Type': 'text/plain' }).end('teapot')
      res.json({ secret: 42 })
    },
  ],
  'writeHead, then another': [
    '418 teapot',
    (res) => {
      res.writeHead(418, 'Teapot', ['Content-Type', 'text/plain'])
      setTimeout(() => res.end('teapot'), 20)
      res.writeHead(200, { 'X-Secret': '42' })
    },
  ],
  'write, then json': [
    '200 one',
    (res) => {
      res.write('one')
      setTimeout(() => res.end(), 20)
      res.json({ secret: 42 })
    },
  ],
  'a stream, then json': [
    '200 one two',
    async (res) => {
      Readable.from(['one ', 'two']).pipe(res)
      await new Promise((resolve) => setTimeout(resolve, 20))
      res.json({ secret: 42 })
    },
  ],
  'a file': ['200 from a file', (res) => res.sendFile(file)],
}

const file = join(tmpdir(), `first-answer-${process.pid}.txt`)
let services: Awaited<ReturnType<typeof testRedis>>
let app: Awaited<ReturnType<typeof startTestApp>>
/** The state of the answer that the handler saw, and the code of its error. */
let seen: { headersSent: boolean; writableEnded: boolean; code: unknown }

beforeAll(async () => {
  await writeFile(file, 'from a file')
  services = await testRedis()
  app = await startTestApp({
    ...services,
    publicUrl: 'http://localhost',
    routes: (app) => {
      app.set('env', 'test') // Keeps Express from printing errors.
      app.get('/answer', async (req, res, next) => {
        const { kind, value } = req.query
        const [, handler] = (typeof kind === 'string' && handlers[kind]) || []
        if (value) Object.assign(req.session, { value })
        try {
          await handler?.(res, next, req)
        } catch (error) {
          seen = { ...seen, code: Object(error).code }
          if (kind !== 'write, then json' && kind !== 'writeHead, then another') throw error
        } finally {
          const { headersSent, writableEnded } = res
          seen = { ...seen, headersSent, writableEnded }
        }
      })
    },
  })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

async function ask(kind: string, value: string, cookie: string): Promise<string> {
  const query = new URLSearchParams({ kind, value })
  // Express destroys the connection after an error.
  const headers = { cookie, connection: 'close' }
  const { status, text } = await app.send('GET', `/answer?${query}`, headers)
  return `${status} ${text}`
}

describe('the first answer of a request', () => {
  it.each(Object.entries(handlers))('is the only one sent (R66): %s', async (kind, [answer]) => {
    const cookie = await app.signIn()
    expect(await ask(kind, 'changed', cookie)).toBe(answer)
    expect(await ask(kind, '', cookie)).toBe(answer)
    const stored = await services.redis.get(`${services.prefix}${sessionIdOf(cookie)}`)
    expect(JSON.parse(stored ?? '{}').value).toBe('changed')
  })

  it.each([
    'send, then json',
    'redirect, then a page',
    'writeHead, then another',
    'json, then a cookie',
  ])('makes a second answer throw ERR_HTTP_HEADERS_SENT: %s', async (kind) => {
    await ask(kind, 'changed', await app.signIn())
    expect(seen.code).toBe('ERR_HTTP_HEADERS_SENT')
  })

  it.each([
    ['send, then json', true],
    ['json, then an error', true],
    ['writeHead and end, then json', true],
    ['write, then json', false],
  ])('looks sent at once, before the session is stored: %s', async (kind, isEnded) => {
    await ask(kind, 'changed', await app.signIn())
    expect(seen).toMatchObject({ headersSent: true, writableEnded: isEnded })
  })

  it('is one of two files that are sent at once, and nothing follows it', async () => {
    const other = join(tmpdir(), `first-answer-${process.pid}-other.txt`)
    await writeFile(other, 'from another file')
    handlers['two files'] = [
      '',
      (res) => {
        res.sendFile(file)
        res.sendFile(other)
      },
    ]
    for (let times = 0; times < 5; times += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await ask('two files', `changed ${times}`, await app.signIn()).catch(
        ({ message }: Error) => message,
      )
      // The second file is an error, for which Express may close the connection early.
      expect(['200 from a file', '200 from another file', 'aborted']).toContain(answer)
    }
  })

  it('keeps its status for listeners of "finish"', async () => {
    let noted = 0
    const other = await startTestApp({
      ...services,
      publicUrl: 'http://localhost',
      before: [
        (_req, res, next) => {
          res.on('finish', () => (noted = res.statusCode))
          next()
        },
      ],
      routes: (app) =>
        app.get('/refused', (req, res) => {
          Object.assign(req.session, { tried: 1 })
          res.status(403).send('forbidden')
          res.status(200)
        }),
    })
    await other.send('GET', '/refused', { cookie: await other.signIn() })
    expect(noted).toBe(403)
    await other.close()
  })
})
