import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { allMailsTo } from '../../../testing/mailed-links.fixture.ts'
import {
  addTestClients,
  pairByPassword,
  passLeeway,
  refresh,
  refreshWithPatience,
  startWithClients,
  type TestServer,
  verify,
} from '../../../testing/token-clients.fixture.ts'

const { server, clients } = await startWithClients({ REFRESH_LEEWAY: '5' })
afterAll(() => server.close())

async function newPair() {
  const { username, email } = await server.addUser()
  return { ...(await pairByPassword(server, clients.app, username)), email }
}

describe('POST /refresh', () => {
  it('gives the next pair', async () => {
    const first = await newPair()
    const { body, headers } = await refresh(server, clients.app, first.refresh_token).expect(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
    expect(body.refresh_token).not.toBe(first.refresh_token)
    expect(await verify(server, clients.api, body.access_token)).toMatchObject({ active: true })
    expect(headers['cache-control']).toBe('no-store')
  })

  it('(R52) ends the family if a refresh token is reused after the leeway', async () => {
    const first = await newPair()
    const { body: second } = await refresh(server, clients.app, first.refresh_token).expect(200)
    await passLeeway(server, first.refresh_token)
    const reused = await refresh(server, clients.app, first.refresh_token).expect(400)
    expect(reused.body).toMatchObject({ code: 'invalid_grant', error: 'invalid_grant' })
    await refresh(server, clients.app, second.refresh_token).expect(400)
    expect(await verify(server, clients.api, second.access_token)).toEqual({
      active: false,
      reason: 'revoked',
    })
  })

  it('(R52) notifies the user of a reuse with one e-mail', async () => {
    const first = await newPair()
    await refresh(server, clients.app, first.refresh_token).expect(200)
    await passLeeway(server, first.refresh_token)
    await refresh(server, clients.app, first.refresh_token).expect(400)
    await refresh(server, clients.app, first.refresh_token).expect(400)
    const mails = await allMailsTo(server, first.email, 'token_reuse')
    expect(mails).toHaveLength(1)
    expect(mails[0]?.data).toMatchObject({ client: 'App' })
  })

  it('(C7) gives exactly the same successor within the leeway', async () => {
    const first = await newPair()
    const { body: one } = await refresh(server, clients.app, first.refresh_token).expect(200)
    const { body: two } = await refresh(server, clients.app, first.refresh_token).expect(200)
    expect(two.refresh_token).toBe(one.refresh_token)
    await refresh(server, clients.app, one.refresh_token).expect(200)
  })

  it('(C8) has a leeway only for the immediate predecessor', async () => {
    const first = await newPair()
    const { body: second } = await refresh(server, clients.app, first.refresh_token).expect(200)
    const { body: third } = await refresh(server, clients.app, second.refresh_token).expect(200)
    await refresh(server, clients.app, first.refresh_token).expect(400)
    await refresh(server, clients.app, third.refresh_token).expect(400)
  })

  it('(R45, C6) rotates once for 200 concurrent requests with the same token, and gives all one successor', async () => {
    const { refresh_token: token } = await newPair()
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => refreshWithPatience(server, clients.app, token)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const successors = new Set(answers.map(({ body }) => String(body.refresh_token)))
    expect(successors.size).toBe(1)
    const [successor = ''] = successors
    expect(decodeJwt(successor).counter).toBe(2)
    await refresh(server, clients.app, successor).expect(200)
  })

  it('(R53) is only for the client that the token was issued to', async () => {
    const { refresh_token: token } = await newPair()
    await refresh(server, clients.site, token).expect(400)
    await refresh(server, clients.app, token).expect(200)
  })

  it('(C10) is only for authenticated clients', async () => {
    const { refresh_token } = await newPair()
    const post = (body: object) => request(server.app).post('/refresh').send(body)
    const { id: client_id, secret: client_secret } = clients.app
    await post({ refresh_token }).expect(401)
    await post({ refresh_token, client_id }).expect(401)
    await post({ refresh_token, client_id, client_secret: 'wrong' }).expect(401)
    const { body } = await post({ refresh_token, client_id: 'nobody', client_secret })
    expect(body).toMatchObject({ status: 401, code: 'invalid_client' })
    await post({ refresh_token, client_id, client_secret }).expect(200)
  })

  it('(R50) does not accept an access token as a refresh token', async () => {
    const { access_token } = await newPair()
    await refresh(server, clients.app, access_token).expect(400)
  })

  it('(R55) gives no more scope than the family has, and less on request', async () => {
    const { refresh_token } = await newPair()
    const ask = (scope: string) =>
      request(server.app)
        .post('/oauth/token')
        .auth(clients.app.id, clients.app.secret)
        .type('form')
        .send({ grant_type: 'refresh_token', refresh_token, scope })
    const more = await ask('orders:read admin').expect(400)
    expect(more.body).toMatchObject({ error: 'invalid_scope' })
    const { body } = await ask('orders:read').expect(200)
    expect(decodeJwt(body.access_token).scope).toBe('orders:read')
  })

  it('(R55) gives no more than the client may have now', async () => {
    const { app } = await addTestClients(server)
    const { username } = await server.addUser()
    const { refresh_token } = await pairByPassword(server, app, username)
    await server.clients.updateOne({ _id: app.id }, { scopes: ['orders:read'] })
    const { body } = await refresh(server, app, refresh_token).expect(200)
    expect(decodeJwt(body.access_token).scope).toBe('orders:read')
    await server.clients.updateOne({ _id: app.id }, { audiences: ['https://other.example'] })
    const refused = await refresh(server, app, body.refresh_token).expect(400)
    // The only code after which a client sends its user to sign in again.
    expect(refused.body.code).toBe('invalid_grant')
  })

  it('answers invalid_target for a resource of another family, without using the token up', async () => {
    const { refresh_token } = await newPair()
    const other = { resource: 'https://other.example' }
    const refused = await refresh(server, clients.app, refresh_token).send(other).expect(400)
    expect(refused.body.code).toBe('invalid_target')
    await refresh(server, clients.app, refresh_token).expect(200)
  })

  it('treats an empty parameter as left out', async () => {
    const { refresh_token } = await newPair()
    const empty = { client_secret: '', client_id: '', resource: '', access_token: '', scope: '' }
    const answer = await request(server.app)
      .post('/oauth/token')
      .auth(clients.app.id, clients.app.secret)
      .type('form')
      .send({ grant_type: 'refresh_token', refresh_token, ...empty })
      .expect(200)
    expect(answer.body.scope).toBe('orders:read orders:write')
    const nothing = { refresh_token: '', client_id: clients.app.id, client_secret: '' }
    const refused = await request(server.app).post('/refresh').send(nothing).expect(401)
    expect(refused.body.code).toBe('invalid_client')
  })

  describe('with the previous access token', () => {
    it('accepts one of the same family', async () => {
      const { refresh_token, access_token } = await newPair()
      await refresh(server, clients.app, refresh_token).send({ access_token }).expect(200)
    })

    it('refuses one of another family, without using the refresh token up', async () => {
      const { refresh_token } = await newPair()
      const { access_token } = await newPair()
      await refresh(server, clients.app, refresh_token).send({ access_token }).expect(400)
      await refresh(server, clients.app, refresh_token).send({ access_token: 'x' }).expect(400)
      await refresh(server, clients.app, refresh_token).expect(200)
    })
  })

  it('(R52) catches a reuse after a lost rotation was handed out', async () => {
    const { refresh_token } = await newPair()
    await refresh(server, clients.app, refresh_token).expect(200)
    const { sid } = decodeJwt<{ sid: string }>(refresh_token)
    const family = await server.families.findById(sid).lean()
    // The note that an outage between a rotation and its answer leaves.
    await server.redis.set(`${server.keyPrefix}undelivered:${family?.attemptId}`, '1')
    await passLeeway(server, refresh_token)
    await refresh(server, clients.app, refresh_token).expect(200)
    await passLeeway(server, refresh_token)
    await refresh(server, clients.app, refresh_token).expect(400)
  })

  it('(R52) catches a reuse after a late rotation was handed out', async () => {
    const { refresh_token } = await newPair()
    await refresh(server, clients.app, refresh_token).expect(200)
    const late = { rotatedAt: new Date(), attemptedAt: new Date(Date.now() - 2000) }
    await server.families.updateOne({ _id: String(decodeJwt(refresh_token).sid) }, late)
    await refresh(server, clients.app, refresh_token).expect(200)
    await passLeeway(server, refresh_token)
    await refresh(server, clients.app, refresh_token).expect(400)
  })

  it('hands out a delayed rotation that nobody received (C9)', async () => {
    const { refresh_token } = await newPair()
    const { body } = await refresh(server, clients.app, refresh_token).expect(200)
    const id = String(decodeJwt(refresh_token).sid)
    // Written long ago, two seconds after its request, which was answered with 503.
    await server.families.updateOne(
      { _id: id },
      { rotatedAt: new Date(Date.now() - 60_000), attemptedAt: new Date(Date.now() - 62_000) },
    )
    const retry = await refresh(server, clients.app, refresh_token).expect(200)
    expect(retry.body.refresh_token).toBe(body.refresh_token)
    await passLeeway(server, refresh_token)
    await refresh(server, clients.app, refresh_token).expect(400)
  })
})

describe('REFRESH_LEEWAY=0', () => {
  let strict: TestServer
  beforeAll(async () => {
    strict = await startTestApp({ REFRESH_LEEWAY: '0' })
  })
  afterAll(() => strict.close())

  it('(R52) rotates exactly once for many concurrent requests, and ends the family', async () => {
    const { app, api } = await addTestClients(strict)
    const { username } = await strict.addUser()
    const { refresh_token: token } = await pairByPassword(strict, app, username)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(strict, app, token)))
    const won = answers.filter(({ status }) => status === 200)
    const family = await strict.families.findById(String(decodeJwt(token).sid)).lean()
    expect(family).toMatchObject({ counter: 2, revokedAt: expect.any(Date) })
    // The losers end the family. If that happens before the winner is answered, it is refused, too.
    expect(won.length).toBeLessThanOrEqual(1)
    await refresh(strict, app, token).expect(400)
    for (const { body } of won)
      // oxlint-disable-next-line no-await-in-loop
      expect(await verify(strict, api, body.access_token)).toMatchObject({ reason: 'revoked' })
  })
})
