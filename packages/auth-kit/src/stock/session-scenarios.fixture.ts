import type { NextFunction, Response } from 'express'
import { pause } from '../test-app.fixture.ts'
import { doing } from './doing.fixture.ts'
import type { Scenario } from './stock-and-kit.fixture.ts'

/** Answers once the session's method has called back. */
function after(res: Response, next: NextFunction, body: () => unknown) {
  return (error?: unknown) => (error ? next(error) : void res.json(body()))
}

export const sessionScenarios: Scenario[] = [
  {
    title: 'reload, touch, regenerate and destroy',
    async run(start) {
      const app = await start((app) => {
        app.get('/reload', (req, res, next) => {
          Object.assign(req.session, { n: 99 })
          req.session.reload(after(res, next, () => Reflect.get(req.session, 'n')))
        })
        app.get('/touch', (req, res) => {
          const before = Number(req.session.cookie.expires)
          res.json([
            req.session.touch() === req.session,
            Number(req.session.cookie.expires) >= before,
          ])
        })
        app.get('/regenerate', (req, res, next) => {
          const id = req.sessionID
          const change = () => Object.assign(req.session, { r: 1 })
          const body = () => [id !== req.sessionID, Object.keys(change())]
          req.session.regenerate(after(res, next, body))
        })
        app.get('/destroy', (req, res, next) => {
          const body = () => [typeof req.session, typeof req.sessionID, typeof req.sessionStore]
          req.session.destroy(after(res, next, body))
        })
      })
      const outcomes = []
      const paths = ['/put', '/put', '/reload', '/show', '/touch', '/regenerate', '/show', '/put']
      for (const path of [...paths, '/destroy', '/show']) {
        // oxlint-disable-next-line no-await-in-loop
        outcomes.push([path, await app.get(path)])
      }
      return outcomes
    },
  },
  {
    title: 'save stores at once',
    async run(start) {
      const app = await start((app) =>
        app.get('/save', (req, res, next) => {
          const body = () => req.sessionStore instanceof Object
          Object.assign(req.session, { saved: 1 }).save(after(res, next, body))
        }),
      )
      return [await app.get('/put'), await app.get('/save'), await app.get('/show')]
    },
  },
  {
    title: 'what save gives back',
    unlike: '`req.session.save()`',
    async run(start) {
      const app = await start((app) =>
        app.get('/save', (req, res) => res.json(req.session.save() === req.session)),
      )
      return [await app.get('/put'), await app.get('/save')]
    },
  },
  {
    title: 'reload of a session that has ended',
    async run(start) {
      const app = await start((app, { store }) =>
        app.get('/reload', (req, res) =>
          store.destroy(req.sessionID, () =>
            req.session.reload((error) => res.json([String(error), typeof req.session])),
          ),
        ),
      )
      return [await app.get('/put'), await app.get('/reload')]
    },
  },
  {
    title: 'cookie.maxAge of a second',
    async run(start) {
      const app = await start((app) =>
        app.get(
          '/short',
          doing((session) => (Object.assign(session, { n: 1 }).cookie.maxAge = 1000)),
        ),
      )
      const outcome = await app.get('/short')
      await pause(1600)
      return [outcome, await app.get('/show')]
    },
  },
  {
    title: 'cookie.maxAge beyond the limits: days in Redis',
    unlike: '`cookie.maxAge` beyond the limits',
    async run(start) {
      const app = await start((app) =>
        app.get('/long', (req, res) => {
          Object.assign(req.session, { n: 1 }).cookie.maxAge = 30 * 86_400_000
          res.send(req.sessionID)
        }),
      )
      const { body: id } = await app.get('/long')
      return Math.round((await app.redis.pttl(`${app.prefix}${id}`)) / 86_400_000)
    },
  },
  {
    title: 'cookie.expires = false: a cookie for as long as the browser is open',
    async run(start) {
      const app = await start((app) =>
        app.get(
          '/open',
          doing(({ cookie }, req) => {
            Reflect.set(cookie, 'expires', false)
            Object.assign(req.session, { n: 1 })
          }),
        ),
      )
      return [await app.get('/open'), await app.get('/put'), await app.get('/show')]
    },
  },
  {
    title: 'attributes of the cookie, changed by a handler',
    unlike: '`req.session.cookie.path` and its sisters',
    async run(start) {
      const app = await start((app) => {
        const attributes = { httpOnly: false, sameSite: 'lax', path: '/c' } as const
        const change = doing(({ cookie }, req) => {
          Object.assign(req.session, { n: 1 })
          Object.assign(cookie, attributes)
        })
        app.get('/c', change)
      })
      return [await app.get('/c'), await app.get('/put')]
    },
  },
  {
    title: 'a Secure cookie over http',
    async run(start) {
      const app = await start((app) =>
        app.get(
          '/secure',
          doing((session) => (Object.assign(session, { n: 1 }).cookie.secure = true)),
        ),
      )
      return app.get('/secure')
    },
  },
  {
    title: 'other cookies beside the session’s',
    async run(start) {
      const app = await start((app) =>
        app.get('/three', (req, res) => {
          res.cookie('a', '1')
          Object.assign(req.session, { n: 1 })
          res.cookie('b', '2').append('Set-Cookie', 'c=3')
          res.send('three')
        }),
      )
      return app.get('/three')
    },
  },
  {
    title: 'req.session = null',
    async run(start) {
      const app = await start((app) =>
        app.get(
          '/null',
          doing((_session, req) => Reflect.set(req, 'session', null)),
        ),
      )
      return [await app.get('/put'), await app.get('/null'), await app.get('/show')]
    },
  },
  {
    title: 'delete req.session',
    async run(start) {
      const app = await start((app) =>
        app.get(
          '/delete',
          doing((_session, req) => Reflect.deleteProperty(req, 'session')),
        ),
      )
      return [await app.get('/put'), await app.get('/delete'), await app.get('/show')]
    },
  },
]
