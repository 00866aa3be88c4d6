import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'

const form = {
  Accept: 'text/html',
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
}

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

async function signIn(headers: Record<string, string>) {
  const { username } = await server.addUser()
  return await request(server.app)
    .post('/login')
    .set(headers)
    .type('form')
    .send({ username, password })
}

describe('a browser that blocks cookies', () => {
  it('is reported on the form, with what to do, and leaves no session behind', async () => {
    const before = await server.redis.keys(`${server.keyPrefix}*`)
    const answer = await signIn(form)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('Your browser blocks cookies from 127.0.0.1')
    expect(answer.text).toContain('autocomplete="current-password"')
    expect(await server.redis.keys(`${server.keyPrefix}*`)).toEqual(before)
  })

  it('signs in once it allows them, without another visit of the form', async () => {
    const cookie = cookieOf(await signIn(form))
    const answer = await signIn({ ...form, Cookie: cookie })
    expect([answer.status, answer.headers.location]).toEqual([303, '/account'])
  })
})

describe('the sign-in form', () => {
  it('brings a cookie with the attributes of the session’s, which signs in nobody', async () => {
    const visit = await request(server.app).get('/login').set('Accept', 'text/html').expect(200)
    const [cookie = ''] = [visit.headers['set-cookie'] ?? []].flat()
    expect(cookie).toMatch(/^cookie-check=1; Max-Age=\d+; Path=\/; .*HttpOnly; SameSite=Strict$/)
    expect((await signIn({ ...form, Cookie: cookieOf(visit) })).status).toBe(303)
    const again = request(server.app).get('/login').set('Cookie', cookieOf(visit))
    expect((await again).headers['set-cookie']).toBeUndefined()
  })
})

describe('a program', () => {
  it.each([{}, { Accept: 'text/html' }, { 'Sec-Fetch-Site': 'same-origin' }])(
    'needs no cookie to sign in: %j',
    async (headers: Record<string, string>) => {
      expect((await signIn(headers)).status).toBeLessThan(400)
    },
  )
})
