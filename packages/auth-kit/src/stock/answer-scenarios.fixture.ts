import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import compression from 'compression'
import type { Request, Response } from 'express'
import { pause } from '../test-app.fixture.ts'
import type { Scenario, Start } from './stock-and-kit.fixture.ts'

type Handler = (req: Request, res: Response, next: (error?: unknown) => void) => unknown

const change = (req: Request, name = 'changed') => Object.assign(req.session, { [name]: 1 })

/** An app whose visitor has a session, asked once for `/x`, then for what the session holds. */
async function answered(start: Start, handler: Handler) {
  const app = await start((app) => app.get('/x', (...args) => void handler(...args)))
  return [await app.get('/put'), await app.get('/x'), await app.get('/show')]
}

/** The ways to answer, each with a change of the session. */
const answers: Record<string, Handler> = {
  'writeHead and end': (_req, res) => res.writeHead(201, { 'X-A': '1' }).end('head'),
  'write and end'(req, res) {
    res.write('a')
    change(req, 'later')
    res.end('b')
  },
  pipe: (_req, res) => Readable.from(['a', 'b']).pipe(res),
  sendFile: (_req, res) => res.sendFile(fileURLToPath(import.meta.resolve('../../package.json'))),
  204: (_req, res) => res.sendStatus(204),
  'a length of its own': (_req, res) => res.set('Content-Length', '5').end('12345'),
  'a buffer': (_req, res) => res.end(Buffer.from('héllo')),
  'an encoding': (_req, res) => res.end('68c3a9', 'hex'),
  'headers first'(_req, res) {
    res.flushHeaders()
    setTimeout(() => res.end('later'), 20)
  },
}

export const answerScenarios: Scenario[] = [
  ...Object.entries(answers).map(([title, handler]): Scenario => ({
    title: `an answer by ${title} stores the change`,
    run: (start) =>
      answered(start, (req, res, next) => {
        change(req)
        handler(req, res, next)
      }),
  })),
  {
    title: 'a forgotten return after a refusal',
    unlike: 'a second answer to a request',
    run: (start) =>
      answered(start, (_req, res) => {
        res.status(403).send('forbidden')
        res.send('the secret page')
      }),
  },
  {
    title: 'a forgotten return after a redirect',
    unlike: 'a second answer to a request',
    run: (start) =>
      answered(start, (_req, res) => {
        res.redirect('/login')
        res.json({ secret: 'the secret page' })
      }),
  },
  {
    title: 'next after an answer',
    run: (start) =>
      answered(start, (_req, res, next) => {
        res.send('fine')
        next()
      }),
  },
  {
    title: 'a handler that throws after its answer',
    unlike: 'a handler that throws after its answer',
    run: (start) =>
      answered(start, (_req, res) => {
        res.json({ ok: true })
        throw new Error('too late')
      }),
  },
  {
    title: 'a cookie set after the answer',
    run: (start) =>
      answered(start, (_req, res) => {
        res.json({ ok: true })
        try {
          res.cookie('late', '1')
        } catch (error) {
          Object.assign(res.locals, { error })
        }
      }),
  },
  {
    title: 'headersSent right after the answer',
    async run(start) {
      let seen
      const app = await start((app) =>
        app.get('/x', (_req, res) => {
          res.json({})
          seen = res.headersSent
        }),
      )
      return [await app.get('/put'), await app.get('/x'), seen]
    },
  },
  {
    title: 'writableEnded right after the answer',
    unlike: '`res.writableEnded` right after the answer',
    async run(start) {
      let seen
      const app = await start((app) =>
        app.get('/x', (_req, res) => {
          res.json({})
          seen = res.writableEnded
        }),
      )
      return [await app.get('/put'), await app.get('/x'), seen]
    },
  },
  {
    title: 'a timeout that answers unless something was sent',
    run: (start) =>
      answered(start, (_req, res) => {
        res.json({ ok: true })
        if (!res.headersSent) res.status(503).send('timeout')
      }),
  },
  {
    title: 'the callback of end with data',
    unlike: 'a callback given to `res.end`',
    async run(start) {
      let calls = 0
      const app = await start((app) =>
        app.get('/x', (_req, res) => res.end('x', 'utf8', () => (calls += 1))),
      )
      const outcomes = [await app.get('/put'), await app.get('/x')]
      await pause(50)
      return [...outcomes, calls]
    },
  },
  {
    title: 'the callback of end without data',
    unlike: 'a callback given to `res.end`',
    run: (start) => answered(start, (_req, res) => res.end(() => undefined)),
  },
  {
    title: 'HEAD and 304',
    async run(start) {
      const app = await start()
      await app.get('/put')
      const etag = (await app.fetch('GET', '/show')).headers.get('etag') ?? ''
      const headers = { 'if-none-match': etag }
      return [await app.ask('HEAD', '/show'), await app.get('/show', { headers })]
    },
  },
  {
    title: 'a change after the answer',
    run: (start) =>
      answered(start, (req, res) => {
        res.json({})
        change(req)
      }),
  },
  {
    title: 'the next request sees the change, 100 times',
    async run(start) {
      const app = await start()
      let missed = 0
      for (let round = 0; round < 100; round += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const [{ body: put }, { body: shown }] = [await app.get('/put'), await app.get('/show')]
        if (JSON.parse(shown).n !== Number(put)) missed += 1
      }
      return missed
    },
  },
  ...(['in front', 'behind'] as const).map((where): Scenario => ({
    title: `compression ${where}`,
    async run(start) {
      const compress = compression({ threshold: 0 })
      const build: Parameters<Start>[0] = (app) => {
        if (where === 'behind') app.use(compress)
        app.get('/big', (req, res) => {
          change(req)
          res.send('x'.repeat(5000))
        })
      }
      const app = await start(build, where === 'in front' ? { before: [compress] } : {})
      return [await app.get('/big'), await app.get('/show')]
    },
  })),
  {
    title: 'a logger on finish',
    async run(start) {
      const seen: unknown[] = []
      const app = await start((app) =>
        app.get('/x', (req, res) => {
          change(req)
          res.on('finish', () => {
            seen.push(res.statusCode, res.getHeader('Content-Length'), res.writableEnded)
          })
          res.status(201).json({ a: 1 })
        }),
      )
      return [await app.get('/put'), await app.get('/x'), await pause(30), seen]
    },
  },
  {
    title: 'a client that goes before the answer',
    async run(start) {
      const app = await start((app) =>
        app.get('/slow', (req, res) => {
          change(req)
          setTimeout(() => res.json({}), 100)
        }),
      )
      await app.get('/put')
      const signal = AbortSignal.timeout(40)
      const headers = { cookie: app.cookie() }
      await fetch(`${app.origin}/slow`, { headers, signal }).catch(() => undefined)
      await pause(250)
      return app.get('/show')
    },
  },
  {
    title: 'an error before the answer',
    run: (start) =>
      answered(start, (req) => {
        change(req)
        throw new Error('before the answer')
      }),
  },
  {
    title: 'events sent over time',
    run: (start) =>
      answered(start, (req, res) => {
        res.set('Content-Type', 'text/event-stream').write('data: 1\n\n')
        setTimeout(() => {
          change(req)
          res.write('data: 2\n\n')
          res.end()
        }, 20)
      }),
  },
]
