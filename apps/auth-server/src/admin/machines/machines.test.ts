import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'
import {
  addTestClient,
  addTestClients,
  pairByPassword,
  type TestClient,
} from '../../../testing/token-clients.fixture.ts'

let server: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  server = await startWithAdmin()
})
afterAll(() => server.close())

/** A machine client with these scopes, and an access token that has all of them. */
async function machine(...scopes: string[]): Promise<TestClient & { token: string }> {
  const client = await addTestClient(server, { kind: 'machine', name: 'Robot', scopes })
  return { ...client, token: await tokenOf(client) }
}

async function tokenOf(client: TestClient, fields: Record<string, string> = {}): Promise<string> {
  const asked = request(server.app).post('/oauth/token').auth(client.id, client.secret)
  const grant = { grant_type: 'client_credentials', ...fields }
  return String((await asked.type('form').send(grant).expect(200)).body.access_token)
}

const get = (path: string, token: string) =>
  request(server.app).get(path).set('Authorization', `Bearer ${token}`)
const post = (path: string, token: string, body: object = {}) =>
  request(server.app).post(path).set('Authorization', `Bearer ${token}`).send(body)

describe('an admin route', () => {
  it('(R91) accepts the access token of a machine client, and records the machine as the actor', async () => {
    const robot = await machine('admin:users')
    const user = await server.addUser()
    const { body } = await get(`/admin/users?search=${user.username}`, robot.token).expect(200)
    expect(body.users).toHaveLength(1)
    await post(`/admin/users/${user.id}/suspend`, robot.token).expect(204)
    const [record] = await server.audited({ event: 'user_suspended', subjectId: user.id })
    expect(record).toMatchObject({ actorId: robot.id, actorName: 'Robot' })
  })

  it('(R91) refuses a token without the scope of its section', async () => {
    const { token } = await machine('admin:users')
    const answer = await get('/admin/clients', token).expect(403)
    expect(answer.headers['www-authenticate']).toContain('scope="admin:clients"')
    expect(answer.body.code).toBe('insufficient_scope')
    await get('/ADMIN/Clients', token).expect(403)
    await get('/admin', token).expect(403)
    await get('/admin/audit.csv', token).expect(403)
    await get('/admin/nothing', token).expect(404)
  })

  it('(R91) refuses an asked-down token, and a scope that the client has lost since', async () => {
    const robot = await machine('admin:users', 'admin:mail')
    const less = await tokenOf(robot, { scope: 'admin:mail' })
    await get('/admin/users', less).expect(403)
    await get('/admin/users', robot.token).expect(200)
    await server.clients.updateOne({ _id: robot.id }, { scopes: ['admin:mail'] })
    await get('/admin/users', robot.token).expect(403)
  })

  it('(R91) refuses every other token', async () => {
    const { site, app, api } = await addTestClients(server)
    const user = await server.addUser({ roles: ['admin'] })
    const { access_token } = await pairByPassword(server, app, user.username)
    // A user’s token, even for this server and with the scope.
    await server.clients.updateMany({}, { $addToSet: { scopes: 'admin:users' } })
    const noAudience = await addTestClient(server, {
      kind: 'first_party',
      scopes: ['admin:users'],
      redirectUris: ['https://shop.example/cb'],
    })
    const own = await pairByPassword(server, noAudience, user.username)
    // A machine’s token for another service.
    const elsewhere = await addTestClient(server, {
      kind: 'machine',
      scopes: ['admin:users'],
      audiences: [api.audience],
    })
    const forApi = await tokenOf(elsewhere)
    for (const token of [access_token, own.access_token, forApi, site.secret, 'made.up.token']) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const { headers, body } = await get('/admin/users', token).expect(401)
      expect(body.code).toBe('invalid_token')
      expect(headers['www-authenticate']).toContain('Bearer')
    }
  })

  it('(R85) refuses the token of a removed client at once', async () => {
    const robot = await machine('admin:users')
    await get('/admin/users', robot.token).expect(200)
    await server.clients.deleteOne({ _id: robot.id })
    await get('/admin/users', robot.token).expect(401)
  })

  it('refuses a session and a token together', async () => {
    const { token } = await machine('admin:users')
    await get('/admin/users', token).set('Cookie', server.cookie).expect(400)
  })
})

describe('a machine with admin:clients', () => {
  const orders = { kind: 'site', name: 'Shop', redirectUris: ['https://shop.example/cb'] }

  it('(R92) registers clients with the scopes of its own token', async () => {
    const { token } = await machine('admin:clients', 'orders:read')
    const input = { ...orders, scopes: ['orders:read'] }
    const { body } = await post('/admin/clients', token, input).expect(201)
    const url = `/admin/clients/${body.client_id}`
    await post(`${url}/edit`, token, { name: 'Store' }).expect(200)
    await post(`${url}/secret`, token).expect(200)
    await post(`${url}/key`, token).expect(200)
    await post(`${url}/remove`, token).expect(204)
  })

  it('(R92) gives no client a scope that its own token lacks', async () => {
    const robot = await machine('admin:clients', 'orders:read', 'orders:write')
    const token = await tokenOf(robot, { scope: 'admin:clients orders:read' })
    const more = { ...orders, scopes: ['orders:read', 'orders:write'] }
    const refused = await post('/admin/clients', token, more).expect(403)
    expect(refused.body).toMatchObject({ code: 'scope_not_held' })
    const twin = { kind: 'machine', name: 'Twin', scopes: ['admin:users'] }
    await post('/admin/clients', token, twin).expect(403)
    const { id } = await addTestClient(server, { ...orders, scopes: ['orders:read'] })
    await post(`/admin/clients/${id}/edit`, token, { scopes: ['orders:write'] }).expect(403)
    expect((await server.clients.findById(id).lean())?.scopes).toEqual(['orders:read'])
  })

  it('(R92) neither takes over nor disables a client with such a scope', async () => {
    const { token } = await machine('admin:clients')
    const { id } = await addTestClient(server, { kind: 'machine', scopes: ['admin:users'] })
    const before = await server.clients.findById(id).lean()
    await post(`/admin/clients/${id}/secret`, token).expect(403)
    await post(`/admin/clients/${id}/edit`, token, { scopes: [] }).expect(403)
    await post(`/admin/clients/${id}/edit`, token, { name: 'Mine' }).expect(403)
    await post(`/admin/clients/${id}/key`, token, { now: true }).expect(403)
    await post(`/admin/clients/${id}/remove`, token).expect(403)
    expect(await server.clients.findById(id).lean()).toEqual(before)
  })
})
