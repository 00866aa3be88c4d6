import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import express, { type Express, type RequestHandler } from 'express'
import { authKit, type AuthKit, type AuthKitOptions } from './auth-kit.ts'
import type { PublicUser } from './public-user.ts'

/** For this package's own tests: a small app with all the routes that use a session. */

export const SECRETS = ['a secret of the tests, long enough for a signature']

export const ADA: PublicUser = {
  id: 'ada-1',
  username: 'ada',
  email: 'ada@example.com',
  roles: ['customer'],
  verifiedAt: '2026-01-02T03:04:05.000Z',
}

export type Answer = {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** Duration of the request, ms. */
  took: number
}

export type TestAppOptions = Omit<AuthKitOptions, 'secrets'> & {
  secrets?: readonly string[]
  /** Middleware before the kit. */
  before?: RequestHandler[]
  /** Additional routes. */
  routes?: (app: Express, auth: AuthKit) => void
}

/** Serves the app over real HTTP on a free port. */
export async function startTestApp({ before = [], routes, ...options }: TestAppOptions) {
  const auth = authKit({ secrets: SECRETS, ...options })
  const app = express()
  for (const handler of before) app.use(handler)
  app.use(auth)
  addRoutes(app, auth)
  routes?.(app, auth)
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })

  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    sendRequest({ method, path, headers, port, agent })

  /** Signs in and returns the cookie, ready for a `Cookie` header. */
  async function signIn(headers: Record<string, string> = {}): Promise<string> {
    return cookieOf(await send('POST', '/login', headers))
  }

  async function close(): Promise<void> {
    agent.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { auth, store: auth.store, port, send, signIn, close }
}

/** `name=value` of the answer's session cookie, or an empty string. */
export function cookieOf(answer: Answer): string {
  return answer.headers['set-cookie']?.at(-1)?.split(';')[0] ?? ''
}

/** The session id in a cookie. */
export function sessionIdOf(cookie: string): string {
  return /=s:(?<id>[^.]+)\./.exec(decodeURIComponent(cookie))?.groups?.id ?? ''
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Makes a server cache the session. */
export async function makeHot(
  app: Awaited<ReturnType<typeof startTestApp>>,
  cookie: string,
): Promise<void> {
  const start = performance.now()
  while (app.store.cacheStats()?.state !== 'on') {
    if (performance.now() - start > 5000) throw new Error('no session cache in 5 s')
    await pause(5)
  }
  await app.send('GET', '/me', { cookie })
}

/** Blocks the process for that many ms. */
export function keepBusy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until) JSON.stringify(process.versions)
}

function addRoutes(app: Express, auth: AuthKit): void {
  app.get('/', (req, res) => void res.json({ user: req.user ?? null }))
  app.get('/me', auth.loggedIn(), (req, res) => void res.json({ user: req.user }))
  app.get('/session', (req, res) => void res.json(req.session))
  app.post('/login', (req, res, next) =>
    req.logIn(ADA, (error) => (error ? next(error) : res.json({ user: ADA }))),
  )
  app.post('/logout', (req, res, next) =>
    req.session.destroy((error) => (error ? next(error) : res.json({}))),
  )
  // Sets fields of the session from the query, after an optional pause.
  app.post('/fields', (req, res, next) => {
    const { after = '0', ...fields } = req.query
    const store = () => void res.json(Object.assign(req.session, fields))
    if (after === '0') store()
    else pause(Number(after)).then(store, next)
  })
}

function sendRequest(options: {
  method: string
  path: string
  headers: Record<string, string>
  port: number
  agent: Agent
}): Promise<Answer> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', ...options }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const { statusCode = 0, headers } = answer
        resolve({ status: statusCode, headers, text, took: performance.now() - start })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}
