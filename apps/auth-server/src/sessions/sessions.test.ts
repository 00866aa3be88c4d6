import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { cookieOf, password, startTestApp } from '../../testing/auth-server.fixture.ts'
import {
  addTestClients,
  pairByCode,
  pairByPassword,
  refresh,
} from '../../testing/token-clients.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'

async function signedInTwice() {
  const { username } = await server.addUser()
  const login = () =>
    request(server.app).post('/login').set('User-Agent', firefox).send({ username, password })
  const [here, there] = [cookieOf(await login()), cookieOf(await login())]
  return { username, here, there }
}

function ask(method: 'get' | 'delete', path: string, cookie: string) {
  return request(server.app)[method](path).set('Cookie', cookie)
}

async function idsOf(cookie: string): Promise<{ id: string; current: boolean }[]> {
  return (await ask('get', '/sessions', cookie).expect(200)).body.sessions
}

describe('GET /sessions', () => {
  it('(R27) lists the sessions of the user, this one first', async () => {
    const { here } = await signedInTwice()
    const { body } = await ask('get', '/sessions', here).expect(200)
    expect(body.sessions).toHaveLength(2)
    expect(body.sessions[0]).toMatchObject({
      current: true,
      device: 'Firefox on Linux',
      address: expect.stringMatching(/127\.0\.0\.1$/),
      lastUsedAt: expect.stringMatching(/^\d{4}-/),
    })
    expect(body.sessions[1]).toMatchObject({ current: false })
  })

  it.each([
    { userAgent: {}, address: [] },
    { userAgent: 'Trusted PC', address: '10.0.0.1' },
    'mobile',
  ])('(R27) is not misled by a field of that name, which is an app’s own: %j', async (device) => {
    const { here } = await signedInTwice()
    const key = `${server.keyPrefix}sess:${/s%3A([^.]+)\./.exec(here)?.[1]}`
    const session = JSON.parse((await server.redis.get(key)) ?? '')
    await server.redis.set(key, JSON.stringify({ ...session, device }), 'KEEPTTL')
    const { body } = await ask('get', '/sessions', here).expect(200)
    expect(body.sessions[0]).toMatchObject({ current: true, device: 'Firefox on Linux' })
  })

  it('(R30) reveals no session key', async () => {
    const { here, there } = await signedInTwice()
    const { text } = await ask('get', '/sessions', here).expect(200)
    const keyIn = (cookie: string) => /s%3A([^.]+)\./.exec(cookie)?.[1] ?? 'none'
    expect(text).not.toContain(keyIn(here))
    expect(text).not.toContain(keyIn(there))
  })

  it('shows a browser a page with buttons that end sessions', async () => {
    const { here, there } = await signedInTwice()
    const { text } = await ask('get', '/sessions', here).set('Accept', 'text/html').expect(200)
    const [action = ''] = /\/sessions\/[^"]+\/end/.exec(text) ?? []
    const post = request(server.app).post(action).set('Cookie', here).set('Accept', 'text/html')
    expect((await post.expect(303)).headers.location).toBe('/sessions?notice=session_ended')
    await ask('get', '/session', there).expect(401)
  })
})

describe('DELETE /sessions/:id', () => {
  it('(R27) ends that session with its tokens and no other', async () => {
    const { here, there } = await signedInTwice()
    const { site } = await addTestClients(server)
    const pair = await pairByCode(server, site, there)
    const [, other] = await idsOf(here)
    await ask('delete', `/sessions/${other?.id}`, here).expect(204)
    await ask('get', '/session', there).expect(401)
    await ask('get', '/session', here).expect(200)
    await refresh(server, site, pair.refresh_token).expect(400)
  })

  it('is 404 for another user’s session', async () => {
    const [mine, theirs] = [await signedInTwice(), await signedInTwice()]
    const [foreign] = await idsOf(theirs.here)
    await ask('delete', `/sessions/${foreign?.id}`, mine.here).expect(404)
    await ask('get', '/session', theirs.here).expect(200)
  })
})

describe('DELETE /sessions', () => {
  it('(R27) ends every other session and every token of another sign-in', async () => {
    const { here, there, username } = await signedInTwice()
    const { app, site } = await addTestClients(server)
    const own = await pairByCode(server, site, here)
    const other = await pairByPassword(server, app, username)
    await ask('delete', '/sessions', here).expect(204)
    await ask('get', '/session', there).expect(401)
    await ask('get', '/session', here).expect(200)
    await refresh(server, site, own.refresh_token).expect(200)
    await refresh(server, app, other.refresh_token).expect(400)
  })

  it('(R27) also ends sessions missing from the index, and keeps this one', async () => {
    const { here, there, username } = await signedInTwice()
    const user = await server.users.findOne({ username }).orFail()
    await server.redis.del(`sessions-of:{${server.keyPrefix}sess:${user.id}}`)
    await ask('delete', '/sessions', here).expect(204)
    await ask('get', '/session', there).expect(401)
    await ask('delete', '/sessions', here).expect(204)
    await ask('get', '/session', here).expect(200)
  })

  it('(R32) refuses a request from another site', async () => {
    const { here } = await signedInTwice()
    await ask('delete', '/sessions', here).set('Origin', 'https://evil.example').expect(403)
  })
})

describe('the number of sessions', () => {
  it('(R28) is not limited: every session is listed and can be ended', async () => {
    const { username, here } = await signedInTwice()
    const login = () => request(server.app).post('/login').send({ username, password }).expect(200)
    await Promise.all(Array.from({ length: 10 }, login))
    expect(await idsOf(here)).toHaveLength(12)
  })
})

describe('a stored session with a time out of range', () => {
  const set = (authKit: Record<string, object>, name: string, time: number) => {
    if (name === 'signIn') Object.assign(authKit.signIn ?? {}, { at: time })
    else Object.assign(authKit, { [name]: time })
  }
  const fields = ['startedAt', 'lastUsedAt', 'signIn']

  it.each(fields.flatMap((field) => [9e15, 8.64e15, -9e15].map((time) => [field, time] as const)))(
    'fails no request: %s, %d',
    async (field, time) => {
      const { here, there } = await signedInTwice()
      const { api } = await addTestClients(server)
      const [, id] = /=s:([^.]+)\./.exec(decodeURIComponent(here)) ?? []
      const key = `${server.keyPrefix}sess:${id}`
      const session = JSON.parse((await server.redis.get(key)) ?? '{}')
      set(session.authKit, field, time)
      await server.redis.set(key, JSON.stringify(session), 'KEEPTTL')
      const answers = [
        ...['/account', '/session', '/sessions', '/account/activity', '/account/factors'].map(
          (path) => ask('get', path, here),
        ),
        ask('get', '/sessions', there),
        ask('get', '/account', here).set('Accept', 'text/html'),
        request(server.app).post('/tokens').set('Cookie', here).send({ audience: api.audience }),
      ]
      for (const { status } of await Promise.all(answers)) expect(status).toBeLessThan(500)
    },
  )
})
