import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { removeClient } from '../clients/remove-client.ts'
import {
  addTestClient,
  addTestClients,
  pairByCode,
  pairByPassword,
  refresh,
  type TestClient,
  type TestServer,
  verify,
} from '../../../testing/token-clients.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'

let server: TestServer
let brief: TestServer
let clients: Awaited<ReturnType<typeof addTestClients>>

beforeAll(async () => {
  server = await startTestApp()
  brief = await startTestApp({ ACCESS_TOKEN_SECONDS: '1' })
  clients = await addTestClients(server)
})
afterAll(() => Promise.all([server.close(), brief.close()]))

async function newPair() {
  const { username } = await server.addUser()
  return await pairByPassword(server, clients.app, username)
}

function introspect(client: TestClient, token: string) {
  const post = request(server.app).post('/oauth/introspect').auth(client.id, client.secret)
  return post.type('form').send({ token })
}

function revoke(client: TestClient, token: string) {
  const post = request(server.app).post('/oauth/revoke').auth(client.id, client.secret)
  return post.type('form').send({ token })
}

function tokenWithKid(kid: unknown): string {
  const header = JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid })
  return `${Buffer.from(header).toString('base64url')}.e30.AAAA`
}

describe('POST /verify', () => {
  it('(R58) is only for authenticated resource servers', async () => {
    const { access_token: token } = await newPair()
    await request(server.app).post('/verify').send({ token }).expect(401)
    for (const { id, secret } of [{ ...clients.api, secret: 'wrong' }, clients.site, clients.app])
      // oxlint-disable-next-line no-await-in-loop
      await request(server.app).post('/verify').auth(id, secret).send({ token }).expect(401)
  })

  it('(R58) reports a token as active only to the resource server of its audience', async () => {
    const { access_token } = await newPair()
    const other = await addTestClient(server, {
      kind: 'resource_server',
      audience: 'https://other.example',
    })
    expect(await verify(server, clients.api, access_token)).toMatchObject({
      active: true,
      client_id: clients.app.id,
      scope: 'orders:read orders:write',
      aud: clients.api.audience,
    })
    expect(await verify(server, other, access_token)).toEqual({ active: false, reason: 'invalid' })
  })

  it('reports an expired token as expired', async () => {
    const { app, api } = await addTestClients(brief)
    const { username } = await brief.addUser()
    const { access_token } = await pairByPassword(brief, app, username)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    expect(await verify(brief, api, access_token)).toEqual({ active: false, reason: 'expired' })
  })

  it('(R50) reports refresh tokens and forged tokens as invalid', async () => {
    const { access_token, refresh_token } = await newPair()
    const [head, body] = access_token.split('.')
    for (const token of [refresh_token, 'x', `${head}.${body}.`, `${head}.${body}.AAAA`])
      // oxlint-disable-next-line no-await-in-loop
      expect(await verify(server, clients.api, token)).toEqual({ active: false, reason: 'invalid' })
  })

  it('(R41, R47) reports a token whose kid is not a string as invalid', async () => {
    const { refresh_token } = await newPair()
    for (const kid of [{}, { $ne: null }, ['x'], 1, null]) {
      const token = tokenWithKid(kid)
      // oxlint-disable-next-line no-await-in-loop
      expect(await verify(server, clients.api, token)).toEqual({ active: false, reason: 'invalid' })
      // oxlint-disable-next-line no-await-in-loop
      expect((await introspect(clients.api, token).expect(200)).body).toEqual({ active: false })
      // oxlint-disable-next-line no-await-in-loop
      await revoke(clients.app, token).expect(200)
      // oxlint-disable-next-line no-await-in-loop
      await refresh(server, clients.app, refresh_token).send({ access_token: token }).expect(400)
    }
  })

  it('reports the tokens of a removed client as inactive', async () => {
    const { cookie, client } = await atNewSite()
    const { access_token, refresh_token } = await pairByCode(server, client, cookie)
    await removeClient(server, { id: client.id, from: null })
    expect(await verify(server, clients.api, access_token)).toMatchObject({ active: false })
    await refresh(server, client, refresh_token).expect(401)
    const family = await server.families.findOne({ clientId: client.id }).lean()
    expect(family?.revokedBecause).toBe('revoked')
  })
})

async function atNewSite() {
  const { username } = await server.addUser()
  const asking = { audiences: [clients.api.audience], scopes: ['orders:read'] }
  const redirectUris = ['https://shop.example/cb']
  const client = await addTestClient(server, { kind: 'site', redirectUris, ...asking })
  return { client, cookie: await signedIn(server, username) }
}

describe('POST /oauth/introspect', () => {
  it('(R58) says nothing more about an inactive token', async () => {
    const { access_token } = await newPair()
    expect((await introspect(clients.api, access_token).expect(200)).body.active).toBe(true)
    for (const token of ['x', 'x'.repeat(9000)]) {
      // oxlint-disable-next-line no-await-in-loop
      const { text } = await introspect(clients.api, token).expect(200)
      expect(text).toBe('{"active":false}')
    }
  })
})

describe('POST /oauth/revoke', () => {
  it.each(['access_token', 'refresh_token'] as const)('ends the family of an %s', async (kind) => {
    const pair = await newPair()
    await revoke(clients.app, pair[kind]).expect(200)
    await refresh(server, clients.app, pair.refresh_token).expect(400)
    expect(await verify(server, clients.api, pair.access_token)).toMatchObject({
      reason: 'revoked',
    })
  })

  it('(R57) answers 200 to an unknown token', async () => {
    await revoke(clients.app, 'x').expect(200)
    await revoke(clients.app, 'x'.repeat(9000)).expect(200)
  })

  it('leaves another client’s token alone', async () => {
    const pair = await newPair()
    await revoke(clients.site, pair.refresh_token).expect(400)
    await refresh(server, clients.app, pair.refresh_token).expect(200)
  })
})
