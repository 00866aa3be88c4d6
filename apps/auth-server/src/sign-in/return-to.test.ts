import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { password, startTestApp } from '../../testing/auth-server.fixture.ts'
import { userSignedIn } from '../../testing/signed-in.fixture.ts'

const form = { Accept: 'text/html', 'Sec-Fetch-Site': 'same-origin' }

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ RETURN_TO_ORIGINS: 'https://shop.example', LOG_LEVEL: 'warn' })
})
afterAll(() => server.close())

async function signInReturningTo(returnTo: string, headers: Record<string, string> = form) {
  const { username } = await server.addUser()
  const sent = request(server.app).post('/login').set(headers).type('form')
  return await sent.send({ username, password, returnTo })
}

describe('returnTo after the sign-in form', () => {
  it.each([
    ['a listed origin', 'https://shop.example/cart?a=1'],
    ['another app on this origin', '/shop/cart'],
    ['the root of another app', '/shop'],
  ])(
    'goes through a page of this server to %s, which may redirect anywhere',
    async (_name, returnTo) => {
      const answer = await signInReturningTo(returnTo)
      expect([answer.status, answer.headers.refresh]).toEqual([200, `0;url=${returnTo}`])
      expect(answer.text).toContain(`href="${returnTo}"`)
      expect(answer.headers['set-cookie']).toBeDefined()
    },
  )

  it.each(['/account', '/account/factors', '/oauth/authorize?client_id=x', '/admin/users/7'])(
    'redirects to our own %s',
    async (returnTo) => {
      const answer = await signInReturningTo(returnTo)
      expect([answer.status, answer.headers.location]).toEqual([303, returnTo])
    },
  )

  it('redirects a client that does not say where a post comes from', async () => {
    const answer = await signInReturningTo('https://shop.example/', { Accept: 'text/html' })
    expect([answer.status, answer.headers.location]).toEqual([303, 'https://shop.example/'])
  })

  it('R39 goes to no origin that is not listed', async () => {
    const answer = await signInReturningTo('https://evil.example/')
    expect([answer.status, answer.headers.location]).toEqual([303, '/account'])
  })
})

describe('returnTo at an origin that is not listed', () => {
  const unlisted = 'http://localhost:4321'
  const lines = () => server.log.filter((line) => line.includes(`not return to ${unlisted},`))

  it('is logged once in development, with the setting that lists it', async () => {
    await signInReturningTo(`${unlisted}/one`)
    await signInReturningTo(`${unlisted}/two`)
    expect(lines()).toEqual([expect.stringContaining('RETURN_TO_ORIGINS')])
  })
})

describe('returnTo of somebody who is signed in already', () => {
  it('goes by a page, too, if a form may have led there', async () => {
    const { cookie } = await userSignedIn(server)
    const visit = request(server.app).get('/login').query({ returnTo: 'https://shop.example/x' })
    const answer = await visit.set({ ...form, Cookie: cookie }).expect(200)
    expect(answer.headers.refresh).toBe('0;url=https://shop.example/x')
  })
})
