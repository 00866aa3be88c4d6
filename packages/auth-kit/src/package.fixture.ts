/** The settings of a strict consumer. */
export const TSCONFIG = `{
  "compilerOptions": {
    "strict": true, "noImplicitAny": false, "exactOptionalPropertyTypes": true, "noEmit": true,
    "allowJs": true, "checkJs": true, "module": "nodenext", "target": "es2024", "types": ["node"]
  },
  "include": ["*.js", "*.ts"]
}`

/** An app in TypeScript that uses the public API. */
export const CONSUMER = `
import express, { type RequestHandler } from 'express'
import { Redis } from 'ioredis'
import { authKit, AuthError, type AuthErrorCode, type PublicUser } from 'auth-kit'
import { createSessionStore, session, type SessionStore } from 'auth-kit/session'
import { loggedIn } from 'auth-kit/logged-in'

const redis = new Redis({ lazyConnect: true })
const auth = authKit({ redis, secrets: ['a'], authUrl: '/auth/' })
const guard: RequestHandler = loggedIn()
const store: SessionStore = createSessionStore({ redis })
export const app = express().use(auth, session({ store, secrets: ['a'] }))
app.get('/me', guard, (req, res) => {
  const user: PublicUser | undefined = req.user
  const signedInAt: number | undefined = req.session.authKit?.signIn?.at
  // @ts-expect-error a public user has no such field
  const hash = user?.passwordHash
  res.json({ user, signedInAt, hash })
})
export const codeOf = (error: unknown): AuthErrorCode | null =>
  error instanceof AuthError ? error.code : null
// @ts-expect-error secrets are required
authKit({ redis })
`

/** The same for `moduleResolution: node10`, which ignores `exports`. */
export const NODE10_CONSUMER = `
import { authKit, type PublicUser } from 'auth-kit'
import { openRedis } from 'auth-kit/session'
import { hasRole } from 'auth-kit/logged-in'
import { requireAccessToken } from 'auth-kit/tokens'
import { createAuthorizer } from 'auth-kit/lambda'
import { backchannelLogout } from 'auth-kit/oidc-client'
import { signInForTest } from 'auth-kit/testing'
import { serializeUser } from 'auth-kit/passport'

export const user: PublicUser | undefined = undefined
export const parts = [authKit, openRedis, hasRole, requireAccessToken, createAuthorizer]
export const others = [backchannelLogout, signInForTest, serializeUser]
`

/** An Express 4 app that prints the answers to two requests of a user and one of a visitor. */
export const EXPRESS_4_APP = `
import { once } from 'node:events'
import express from 'express4'
import { authKit } from 'auth-kit'
import { openRedis } from 'auth-kit/session'
import { signInForTest } from 'auth-kit/testing'

const [url, prefix] = [process.env.REDIS_URL, process.env.PREFIX]
const secrets = ['a secret for an app of another Express']
const publicUrl = 'http://localhost'
const redis = openRedis(url, console.error)
await once(redis, 'ready')
const auth = authKit({ redis, secrets, publicUrl, prefix })
const app = express().use(auth)
app.get('/count', auth.loggedIn(), (req, res) => {
  req.session.count = (req.session.count ?? 0) + 1
  res.json(req.session.count)
})
const server = app.listen(0, '127.0.0.1', async () => {
  const { cookie } = await signInForTest({ redis, secrets, publicUrl, prefix })
  const answers = []
  for (const headers of [{ cookie }, { cookie }, {}]) {
    const answer = await fetch('http://127.0.0.1:' + server.address().port + '/count', { headers })
    answers.push([answer.status, answer.status === 200 ? await answer.json() : null])
  }
  console.log(JSON.stringify(answers))
  process.exit()
})
`
