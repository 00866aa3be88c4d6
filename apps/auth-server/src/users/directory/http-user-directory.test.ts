import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from '@jest/globals'
import express from 'express'
import { answerErrors, createLogger, logRequests } from 'service-kit'
import request from 'supertest'
import { httpUserDirectory } from './http-user-directory.ts'

const running = new Set<Server>()
afterEach(() => {
  for (const server of running) server.close().closeAllConnections()
  running.clear()
})

const token = 'the-token-of-this-server'
const secret = 'seven quiet rivers meet'
const ada = {
  id: 'b7f1c8e2',
  username: 'ada',
  email: 'ada@example.com',
  roles: [],
  verifiedAt: '2026-11-02T09:15:00+01:00',
  suspendedAt: null,
  deletingAt: null,
}

/** A user service with the given answer, an app that uses it, and the app's log. */
async function serviceThat(answer: RequestListener) {
  const service = createServer(answer).listen(0, '127.0.0.1')
  running.add(service)
  let connections = 0
  service.on('connection', () => (connections += 1))
  await once(service, 'listening')
  const address = service.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const directory = httpUserDirectory({ url: new URL(`http://127.0.0.1:${port}/in/house/`), token })

  const lines: string[] = []
  const destination = { write: (line: string) => lines.push(line) }
  const logger = createLogger({ name: 'test', level: 'info', pretty: false, destination })
  const app = express().use(logRequests(logger))
  app.get('/by-id', async (_req, res) => void res.json(await directory.findById(ada.id)))
  app.get('/by-password', async (_req, res) => {
    res.json(await directory.checkPassword({ login: 'ada', password: secret }))
  })
  app.use(answerErrors({ logger, page: () => '' }))
  return { app, directory, log: () => lines.join('\n'), connections: () => connections }
}

function answering(body: unknown, status = 200): RequestListener {
  return (_req, res) => {
    res.writeHead(status, { 'content-type': 'application/json' })
    res.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

describe('a request to the user service', () => {
  it('is a POST with JSON and our token; no login is in a URL', async () => {
    const seen: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = []
    const bodies: string[] = []
    const { directory } = await serviceThat((req, res) => {
      seen.push(req)
      void text(req).then((body) => {
        bodies.push(body)
        answering({ user: null })(req, res)
      })
    })
    await directory.findByLogin('Ada@example.com')
    await directory.findById('b7f1c8e2')
    await directory.checkPassword({ login: 'ada', password: secret })
    expect(seen.map(({ method, url }) => [method, url])).toEqual([
      ['POST', '/in/house/find-by-login'],
      ['POST', '/in/house/find-by-id'],
      ['POST', '/in/house/check-password'],
    ])
    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      { login: 'Ada@example.com' },
      { id: 'b7f1c8e2' },
      { login: 'ada', password: secret },
    ])
    for (const { headers } of seen)
      expect(headers).toMatchObject({
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      })
  })

  it('accepts times with any offset, and ignores unknown fields of the answer', async () => {
    const { directory } = await serviceThat(answering({ user: { ...ada, passwordHash: 'x' } }))
    const verifiedAt = new Date('2026-11-02T08:15:00Z')
    expect(await directory.findById(ada.id)).toEqual({ ...ada, verifiedAt })
  })

  it('reuses an open connection', async () => {
    const { app, connections } = await serviceThat(answering({ user: null }))
    for (let time = 0; time < 10; time += 1) await request(app).get('/by-id').expect(200)
    expect(connections()).toBe(1)
  })

  it('waits for its turn while twenty others are under way (R63)', async () => {
    const { directory, connections } = await serviceThat((req, res) => {
      setTimeout(() => answering({ user: null })(req, res), 100)
    })
    await Promise.all(Array.from({ length: 100 }, () => directory.findById(ada.id)))
    expect(connections()).toBe(20)
  })
})

describe('an invalid answer of the user service', () => {
  const without = (field: keyof typeof ada) => {
    const { [field]: _left, ...rest } = ada
    return { user: rest }
  }
  const answers: Record<string, RequestListener> = {
    'an error of the service': answering({ user: ada }, 500),
    'a refusal of our token': answering({}, 401),
    'a refusal of the password by status': answering({ user: null }, 403),
    'a wrong address': answering({ user: null }, 404),
    'no body': answering('', 204),
    'an empty body': answering(''),
    garbage: answering('{"user":'),
    'a page': answering('<!doctype html><title>Welcome</title>'),
    'an object without a user': answering({}),
    'a bare true': answering('true'),
    'a user that is text': answering({ user: 'ada' }),
    'a user without an id': answering(without('id')),
    'a user without roles': answering(without('roles')),
    'a user without suspendedAt': answering(without('suspendedAt')),
    'a user without deletingAt': answering(without('deletingAt')),
    'a user without verifiedAt': answering(without('verifiedAt')),
    'an invalid time': answering({ user: { ...ada, verifiedAt: 'yesterday' } }),
    'a number for a time': answering({ user: { ...ada, verifiedAt: 1_762_071_300 } }),
    'an id with a space': answering({ user: { ...ada, id: 'a b' } }),
    'an empty id': answering({ user: { ...ada, id: '' } }),
    'roles that are text': answering({ user: { ...ada, roles: 'admin' } }),
    'a megabyte': answering({ user: { ...ada, username: 'x'.repeat(1_000_000) } }),
    'a connection that is reset': (req) => req.socket.resetAndDestroy(),
    'half an answer': (_req, res) => {
      res.writeHead(200, { 'content-length': '1000' }).write('{"user":')
      res.socket?.end()
    },
  }

  it.each(Object.keys(answers))(
    'counts as an outage, never as a refusal or a grant: %s (R62)',
    async (name) => {
      const { app } = await serviceThat(answers[name] ?? answering('{}'))
      for (const path of ['/by-id', '/by-password']) {
        const { status, body, headers } = await request(app).get(path)
        expect([status, body.code]).toEqual([503, 'temporarily_unavailable'])
        expect(headers['retry-after']).toBe('1')
      }
    },
  )

  it('counts as an outage if it is about another user', async () => {
    const { app } = await serviceThat(answering({ user: { ...ada, id: 'someone-else' } }))
    await request(app).get('/by-id').expect(503)
  })

  it.each([
    ['before the answer', false],
    ['in the middle of the answer', true],
  ])(
    'counts as an outage within two seconds if the service stops %s (R63)',
    async (_when, begun) => {
      const { app } = await serviceThat((_req, res) => {
        if (begun) res.writeHead(200, { 'content-type': 'application/json' }).write('{"user":')
      })
      const started = performance.now()
      await request(app).get('/by-password').expect(503)
      expect(performance.now() - started).toBeGreaterThan(1_400)
      expect(performance.now() - started).toBeLessThan(2_000)
    },
  )

  it('counts as an outage within two seconds, even for requests that wait for a connection (R63)', async () => {
    const { app } = await serviceThat(() => undefined)
    const started = performance.now()
    await Promise.all(
      Array.from({ length: 60 }, () => request(app).get('/by-password').expect(503)),
    )
    expect(performance.now() - started).toBeLessThan(2_300)
  })

  it('is not followed if it redirects, so that password and token go nowhere else', async () => {
    let arrived = 0
    const elsewhere = createServer((req, res) => {
      arrived += 1
      answering({ user: ada })(req, res)
    }).listen(0, '127.0.0.1')
    running.add(elsewhere)
    await once(elsewhere, 'listening')
    const address = elsewhere.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { app } = await serviceThat((_req, res) => {
      res.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end()
    })
    await request(app).get('/by-password').expect(503)
    expect(arrived).toBe(0)
  })
})

describe('the log', () => {
  it('says what was wrong with the answer', async () => {
    const shapeless = await serviceThat(answering({ user: { ...ada, roles: 7 } }))
    await request(shapeless.app).get('/by-id')
    expect(shapeless.log()).toContain('find-by-id')
    expect(shapeless.log()).toContain('user.roles')
    const refusing = await serviceThat(answering({}, 401))
    await request(refusing.app).get('/by-id')
    expect(refusing.log()).toContain('401')
    const silent = await serviceThat(() => undefined)
    await request(silent.app).get('/by-id')
    expect(silent.log()).toContain('timeout')
  })

  it('contains neither password nor token, even if the service repeats them (R61)', async () => {
    for (const said of [secret, token, JSON.stringify({ password: secret, token })]) {
      const { app, log } = await serviceThat(answering(said))
      await request(app).get('/by-password').expect(503)
      expect(log()).toContain('check-password')
      expect(log()).not.toContain(secret)
      expect(log()).not.toContain(secret.slice(0, 5))
      expect(log()).not.toContain(token.slice(0, 8))
    }
  })
})
