import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../testing/auth-server.fixture.ts'
import { userSignedIn } from '../testing/signed-in.fixture.ts'
import { operations } from './openapi/operations.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({ CORS_ORIGINS: 'https://app.example' })
})
afterAll(() => server.close())

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const
type Method = (typeof methods)[number] | 'options'
const addresses = [...Map.groupBy(operations, ({ path }) => path)]
const html = 'text/html,application/xhtml+xml,*/*;q=0.8'

function ask(method: Method, path: string) {
  return request(server.app)[method](path.replaceAll(/:\w+/g, 'x1'))
}

function methodsOf(path: string): string[] {
  const described = addresses.find(([address]) => address === path)?.[1] ?? []
  const own = described.flatMap(({ method }) => (method === 'get' ? ['get', 'head'] : [method]))
  return own.map((method) => method.toUpperCase())
}

describe('every path', () => {
  it.each(addresses)('%s lists its methods, and answers 405 to others', async (path) => {
    const { headers } = await ask('options', path).expect(204)
    const allow = String(headers.allow).split(', ')
    // It may list more if another pattern also matches: /sessions/end is also /sessions/:id.
    expect(allow).toEqual(expect.arrayContaining([...methodsOf(path), 'OPTIONS']))
    for (const method of methods.filter((each) => !allow.includes(each.toUpperCase()))) {
      const answer = await ask(method, path).expect(405)
      expect(answer.headers.allow).toBe(headers.allow)
    }
  })
})

const credentials = [
  ['nothing', {}],
  ['a browser’s Accept header', { Accept: html }],
  ['an unknown client', { Authorization: `Basic ${btoa('nobody:nothing')}` }],
  ['a forged token', { Authorization: 'Bearer made.up.token' }],
] as const

describe.each(credentials)('every route, given %s', (_name, headers) => {
  it('answers 401 only with a challenge (RFC 9110 §11.6.1)', async () => {
    const refused: string[] = []
    const bare: string[] = []
    for (const { method, path } of operations) {
      const answer = await ask(method, path).set(headers).send()
      if (answer.status === 401) refused.push(path)
      if (answer.status === 401 && !answer.headers['www-authenticate']) bare.push(path)
    }
    expect(refused).not.toEqual([])
    expect(bare).toEqual([])
  })
})

describe('a wrong password', () => {
  it.each(['*/*', html])('is 401 with a challenge for Accept: %s', async (accept) => {
    const form = ask('post', '/login').type('form').set('Accept', accept)
    const answer = await form.send({ username: 'nobody', password: 'wrong' }).expect(401)
    expect(answer.headers['www-authenticate']).toBe('Session')
  })
})

describe('every route, while Redis is down', () => {
  it('R62 answers 503 only with Retry-After', async () => {
    const alone = await startTestApp({}, { redisUrl: 'redis://127.0.0.1:1' })
    const cookie = 'session=s%3Amade-up.by-nobody'
    const answers = []
    for (const { method, path } of operations) {
      const asked = request(alone.app)[method](path.replaceAll(/:\w+/g, 'x1'))
      answers.push({ path, answer: await asked.set('Cookie', cookie).send() })
    }
    const unavailable = answers.filter(({ answer }) => answer.status === 503)
    expect(unavailable.map(({ path }) => path)).toContain('/readyz')
    expect(unavailable.filter(({ answer }) => !answer.headers['retry-after'])).toEqual([])
    await alone.close()
  })
})

describe('every page for people who are signed in', () => {
  it('offers to sign out', async () => {
    const { cookie } = await userSignedIn(server, { roles: ['admin'] })
    const isForUsers = (access: string) => ['session', 'admin', 'admin or machine'].includes(access)
    const seen: string[] = []
    const without: string[] = []
    for (const { method, path, access } of operations) {
      if (method !== 'get' || !isForUsers(access)) continue
      const { status, type, text } = await ask('get', path).set({ Accept: html, Cookie: cookie })
      if (status !== 200 || type !== 'text/html') continue
      seen.push(path)
      if (!text.includes('/logout"')) without.push(path)
    }
    expect(without).toEqual([])
    expect(seen).toEqual(
      expect.arrayContaining(['/account', '/sessions', '/admin', '/admin/users']),
    )
  })
})

describe('a preflight', () => {
  const preflight = (path: string) =>
    ask('options', path).set({
      Origin: 'https://app.example',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'x-asked-by',
    })

  it.each(['/session', '/.well-known/openid-configuration', '/.well-known/jwks.json'])(
    'R38 to %s is answered, and stays valid for at least ten minutes',
    async (path) => {
      const { headers } = await preflight(path).expect(204)
      expect(headers['access-control-allow-origin']).toMatch(/^(\*|https:\/\/app\.example)$/)
      expect(Number(headers['access-control-max-age'])).toBeGreaterThanOrEqual(600)
    },
  )
})
