import { createServer, type Server } from 'node:http'
import express, { type RequestHandler } from 'express'
import { USER } from './app-under-test.ts'

/** The routes of an Express app whose middleware sets `req.session` and, with Passport, `req.user`. */
export function serveWithSession(chain: RequestHandler[], guard: RequestHandler): Server {
  const app = express()
  app.use(chain)
  app.get('/me', guard, (req, res) => void res.json({ user: req.user }))
  let users = 0
  app.post('/sign-in', (req, res, next) => {
    users += 1
    const user = { ...USER, id: `${USER.id}-${users}` }
    req.logIn(user, (error) => (error ? next(error) : res.sendStatus(204)))
  })
  app.post('/visit', guard, (req, res) => {
    Object.assign(req.session, { visitedAt: Date.now() })
    res.sendStatus(204)
  })
  // Busy for a while, as with a database query, before it changes the session.
  app.post('/visits/:id', guard, (req, res) => {
    setTimeout(() => {
      Object.assign(req.session, { [`visit-${String(req.params.id)}`]: 1 })
      res.sendStatus(204)
    }, Math.random() * 5)
  })
  app.post('/sign-out', (req, res, next) =>
    req.session.destroy((error) => (error ? next(error) : res.sendStatus(204))),
  )
  return createServer(app)
}
