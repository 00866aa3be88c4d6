import type { NextFunction, Request, Response } from 'express'
import { ADA } from '../test-app.fixture.ts'
import type { Scenario, StartedApp } from './stock-and-kit.fixture.ts'

const right = { username: 'ada', password: 'right' }
const wrong = { username: 'ada', password: 'wrong' }

/** Answers once Passport is done. */
function answer(res: Response, next: NextFunction, body: () => object) {
  return (error?: unknown) => (error ? next(error) : void res.json(body()))
}

function signIn(req: Request, res: Response, next: NextFunction): void {
  const [id, keepSessionInfo] = [req.sessionID, 'keep' in req.query]
  const body = () => ({ isNew: id !== req.sessionID, n: Reflect.get(req.session, 'n') })
  req.login(ADA, { session: true, keepSessionInfo }, answer(res, next, body))
}

function signOut(req: Request, res: Response, next: NextFunction): void {
  const [id, keepSessionInfo] = [req.sessionID, 'keep' in req.query]
  const body = () => ({ isNew: id !== req.sessionID, isAuthenticated: req.isAuthenticated() })
  req.logout({ keepSessionInfo }, answer(res, next, body))
}

async function signInAndOut(app: StartedApp, query: string) {
  const steps = ['GET /put', `POST /in${query}`, 'GET /show', `POST /out${query}`, 'GET /show']
  const outcomes = []
  for (const step of steps) {
    const [method = '', path = ''] = step.split(' ')
    // oxlint-disable-next-line no-await-in-loop
    outcomes.push(await app.ask(method, path))
  }
  return outcomes
}

export const passportScenarios: Scenario[] = [
  {
    title: 'authenticate with redirects and failureMessage',
    async run(start) {
      const app = await start((app, { passport }) => {
        const redirects = { successRedirect: '/ok', failureRedirect: '/bad', failureMessage: true }
        app.post('/login', passport.authenticate('local', redirects))
        app.get('/messages', (req, res) => res.json(Reflect.get(req.session, 'messages') ?? null))
      })
      return [
        await app.post('/login', wrong),
        await app.get('/messages'),
        await app.post('/login', right),
        await app.get('/show'),
        await app.get('/messages'),
      ]
    },
  },
  {
    title: 'authenticate without redirects: 401, an error, no credentials, a success',
    async run(start) {
      const app = await start((app, { passport }) => {
        app.post('/login', passport.authenticate('local'), (req, res) =>
          res.json({ username: req.user?.username, info: req.authInfo }),
        )
      })
      const boom = { username: 'ada', password: 'boom' }
      return [
        await app.post('/login', wrong),
        await app.post('/login', boom),
        await app.post('/login', {}),
        await app.post('/login', right),
      ]
    },
  },
  {
    title: 'flash messages, kept in the session until they are read',
    async run(start) {
      const app = await start((app, { passport }) => {
        app.use((req, _res, next) => {
          const flash = (type: string, text: string) =>
            Object.assign(req.session, { flash: { [type]: [text] } })
          next(void Object.assign(req, { flash }))
        })
        const flashes = { successRedirect: '/', failureRedirect: '/', failureFlash: true }
        const options = { ...flashes, successFlash: 'hello' }
        app.post('/login', passport.authenticate('local', options))
        app.get('/flash', (req, res) => {
          res.json(Reflect.get(req.session, 'flash') ?? null)
          Reflect.deleteProperty(req.session, 'flash')
        })
      })
      return [
        await app.post('/login', wrong),
        await app.get('/flash'),
        await app.post('/login', right),
        await app.get('/flash'),
      ]
    },
  },
  {
    title: 'a sign-in and a sign-out change the id and drop the content',
    unlike: 'an empty session after `req.logout` or `regenerate`',
    async run(start) {
      return signInAndOut(await start((app) => app.post('/in', signIn).post('/out', signOut)), '')
    },
  },
  {
    title: 'keepSessionInfo changes the id and keeps the content',
    async run(start) {
      const app = await start((app) => app.post('/in', signIn).post('/out', signOut))
      return signInAndOut(app, '?keep')
    },
  },
  {
    title: 'the cookie of before a sign-out',
    async run(start) {
      const app = await start((app) => app.post('/in', signIn).post('/out', signOut))
      await app.post('/in')
      const before = app.cookie()
      await app.post('/out')
      return app.get('/show', { cookie: before })
    },
  },
  {
    title: 'logout without a callback throws',
    async run(start) {
      const app = await start((app) =>
        app.post('/out', (req, res) => {
          try {
            res.json(Object(req).logout())
          } catch (error) {
            res.json(String(error))
          }
        }),
      )
      return app.post('/out')
    },
  },
  {
    title: 'authenticate with session: false',
    async run(start) {
      const app = await start((app, { passport }) => {
        app.post('/api', passport.authenticate('local', { session: false }), (req, res) =>
          res.json({ username: req.user?.username, isAuthenticated: req.isAuthenticated() }),
        )
      })
      return [await app.post('/api', right), await app.get('/show')]
    },
  },
  {
    title: 'authenticate with a callback of the app, then logIn',
    async run(start) {
      const app = await start((app, { passport }) => {
        app.post('/login', (req, res, next) => {
          const done = (error: unknown, user: Express.User | false, info: object) => {
            if (error || !user) return error ? next(error) : void res.status(422).json(info)
            req.logIn(
              user,
              answer(res, next, () => ({ username: user.username })),
            )
          }
          passport.authenticate('local', done)(req, res, next)
        })
      })
      return [
        await app.post('/login', wrong),
        await app.post('/login', right),
        await app.get('/show'),
      ]
    },
  },
  {
    title: 'successReturnToOrRedirect, with and without keepSessionInfo',
    async run(start) {
      const app = await start((app, { passport }) => {
        app.get('/deep', (req, res) => {
          Object.assign(req.session, { returnTo: '/deep?x=1' })
          res.redirect('/login')
        })
        const options = { successReturnToOrRedirect: '/home' }
        app.post('/drop', passport.authenticate('local', options))
        app.post('/keep', passport.authenticate('local', { ...options, keepSessionInfo: true }))
      })
      const outcomes = []
      for (const path of ['/drop', '/keep']) {
        // oxlint-disable-next-line no-await-in-loop
        outcomes.push(await app.get('/deep'), await app.post(path, right))
      }
      return outcomes
    },
  },
  {
    title: 'two strategies, assignProperty and failWithError',
    async run(start) {
      const app = await start((app, { passport }) => {
        const account = { assignProperty: 'account' }
        app.post('/two', passport.authenticate(['local', 'second']), (req, res) =>
          res.json(req.user?.username),
        )
        app.post('/assign', passport.authenticate('local', account), (req, res) =>
          res.json({ account: Reflect.get(req, 'account'), user: req.user ?? null }),
        )
        app.post('/fail', passport.authenticate('local', { failWithError: true }))
      })
      return [
        await app.post('/two', { username: 'ada', password: 'second' }),
        await app.post('/assign', right),
        await app.post('/fail', wrong),
      ]
    },
  },
  {
    title: 'Passport’s methods on a request',
    async run(start) {
      const app = await start((app) =>
        app.get('/methods', (req, res) => {
          const names = ['login', 'logIn', 'logout', 'logOut']
          const methods = names.map((name) => typeof Reflect.get(req, name))
          res.json([...methods, req.isAuthenticated(), req.isUnauthenticated()])
        }),
      )
      return [await app.get('/put'), await app.get('/methods')]
    },
  },
  {
    title: 'a user that is not the public user',
    unlike: '`req.login` with a user who lacks public fields',
    async run(start) {
      const app = await start((app) =>
        app.post('/in', (req, res, next) => {
          const user: Express.User = Object({ id: 7, name: 'Ada' })
          req.login(
            user,
            answer(res, next, () => ({})),
          )
        }),
      )
      return [await app.post('/in'), await app.get('/show')]
    },
  },
]
