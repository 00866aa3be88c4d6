import { createServer, type Server } from 'node:http'
import express, { type Request, type Response } from 'express'
import { getIronSession } from 'iron-session'
import { SECRET, USER } from './app-under-test.ts'

type Content = { user?: typeof USER; visitedAt?: number }

/** iron-session: the session is encrypted in the cookie, so no sign-out elsewhere ends it. */
export async function ironSession(): Promise<Server> {
  const app = express()
  const open = (req: Request, res: Response) =>
    getIronSession<Content>(req, res, { password: SECRET, cookieName: 'session' })
  app.get('/me', async (req, res) => {
    const { user } = await open(req, res)
    return user ? res.json({ user }) : res.sendStatus(401)
  })
  app.post('/sign-in', async (req, res) => {
    const session = await open(req, res)
    session.user = USER
    await session.save()
    res.sendStatus(204)
  })
  app.post('/visit', async (req, res) => {
    const session = await open(req, res)
    if (!session.user) return res.sendStatus(401)
    session.visitedAt = Date.now()
    await session.save()
    return res.sendStatus(204)
  })
  return createServer(app)
}
