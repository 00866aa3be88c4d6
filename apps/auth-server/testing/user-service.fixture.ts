import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import bcrypt from 'bcrypt'
import express, { type RequestHandler } from 'express'
import { z } from 'zod'

export type ServiceUser = {
  id: string
  username: string
  email: string
  roles: string[]
  verifiedAt: string | null
  suspendedAt: string | null
  deletingAt: string | null
}
type StoredUser = ServiceUser & { passwordHash: string }

const loginQuestion = z.object({ login: z.string() })
const idQuestion = z.object({ id: z.string() })
const passwordQuestion = loginQuestion.extend({ password: z.string() })

/**
 * A minimal user service after docs/user-directory.md: users in memory, bcrypt, real HTTP on its own
 * port. `questions` lists the paths of its requests.
 */
export async function startUserService({ token = randomUUID(), cost = 4 } = {}) {
  const users = new Map<string, StoredUser>()
  const questions: string[] = []
  // Compared if there is no such user, so that all answers take the same time.
  const nobodysHash = await bcrypt.hash(randomUUID(), cost)
  const byLogin = (login: string) =>
    [...users.values()].find(({ username, email }) =>
      [username, email].some((name) => name.toLowerCase() === login.toLowerCase()),
    )

  const app = express().use(requireToken(token), express.json(), (req, _res, next) => {
    questions.push(req.path)
    next()
  })
  app.post('/users/find-by-login', (req, res) => {
    res.json({ user: answerOf(byLogin(loginQuestion.parse(req.body).login)) })
  })
  app.post('/users/find-by-id', (req, res) => {
    res.json({ user: answerOf(users.get(idQuestion.parse(req.body).id)) })
  })
  app.post('/users/check-password', checkPassword(byLogin, nobodysHash))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${portOf(server.address())}/users`,
    token,
    questions,

    async add(user: Partial<ServiceUser> & { username: string; password: string }) {
      const { password, ...given } = user
      const stored = {
        id: randomUUID(),
        email: `${user.username}@example.com`,
        roles: [],
        verifiedAt: new Date().toISOString(),
        suspendedAt: null,
        deletingAt: null,
        ...given,
        passwordHash: await bcrypt.hash(password, cost),
      }
      users.set(stored.id, stored)
      return stored
    },

    change(id: string, change: Partial<ServiceUser>) {
      const user = users.get(id)
      if (user) users.set(id, { ...user, ...change })
    },

    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function checkPassword(
  byLogin: (login: string) => StoredUser | undefined,
  nobodysHash: string,
): RequestHandler {
  return async function checkPassword(req, res) {
    const { login, password } = passwordQuestion.parse(req.body)
    const user = byLogin(login)
    const isRight = await bcrypt.compare(password, user?.passwordHash ?? nobodysHash)
    res.json({ user: answerOf(isRight ? user : undefined) })
  }
}

function requireToken(token: string): RequestHandler {
  return function requireToken(req, res, next) {
    if (req.headers.authorization === `Bearer ${token}`) next()
    else res.status(401).json({})
  }
}

function answerOf(user: StoredUser | undefined): ServiceUser | null {
  if (!user) return null
  const { passwordHash: _secret, ...rest } = user
  return rest
}

function portOf(address: ReturnType<ReturnType<express.Express['listen']>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}
