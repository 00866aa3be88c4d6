import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { createLogger } from 'service-kit'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { signedIn } from '../../../testing/signed-in.fixture.ts'
import {
  addTestClient,
  authorizePath,
  callback,
  exchange,
  pkce,
  type TestClient,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'
import { createOutbound } from '../../http/outbound.ts'
import { endSignInsOfUser } from '../../sessions/end-sign-ins.ts'
import { createKeyring } from '../clients/keyring.ts'
import { deliverLogouts } from './deliver-logouts.ts'

const goodbye = 'https://shop.example/goodbye'
let server: TestServer
let receiver: Server
let site: TestClient
/** The statuses that the site answers with, and the logout tokens it accepted. */
let answers: number[]
let taken: string[]
let jobs: { stop: () => Promise<void> }[]

beforeAll(async () => {
  server = await startTestApp()
  receiver = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8').on('data', (text: string) => (body += text))
    req.on('end', () => {
      const status = answers.shift() ?? 200
      if (status === 200) taken.push(new URLSearchParams(body).get('logout_token') ?? '')
      res.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve))
  site = await addSite('Shop', portOf(receiver))
})
afterAll(async () => {
  receiver.close()
  await server.close()
})
beforeEach(() => {
  answers = []
  taken = []
  jobs = []
})
afterEach(async () => {
  await Promise.all(jobs.map((job) => job.stop()))
})

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function addSite(name: string, port: number): Promise<TestClient> {
  return await addTestClient(server, {
    kind: 'site',
    name,
    redirectUris: [callback],
    postLogoutRedirectUris: [goodbye],
    backchannelLogoutUri: `http://127.0.0.1:${port}/logout`,
    scopes: ['openid'],
    idTokenAlg: 'ES256',
  })
}

/** Starts the job that a server runs, with a shorter interval. */
function startDelivering(allow = server.config.outboundAllow): void {
  const outbound = createOutbound({ allow })
  const { clients, families, signIns, config } = server
  const keyring = createKeyring(config.keyEncryptionKeys)
  const logger = createLogger({ name: 'test', level: 'silent', pretty: false })
  const stores = { clients, families, signIns }
  const job = deliverLogouts({ ...stores, config, keyring, logger, outbound, everyMs: 50 })
  jobs.push(job, { stop: () => outbound.close() })
}

async function visitor(client = site) {
  const { username, id } = await server.addUser()
  const cookie = await signedIn(server, username)
  const { verifier, challenge } = pkce()
  const path = authorizePath(client, challenge, { scope: 'openid' })
  const there = await request(server.app).get(path).set('Cookie', cookie).expect(303)
  const code = new URL(String(there.headers.location)).searchParams.get('code') ?? ''
  const { body } = await exchange(server, client, { code, verifier }).expect(200)
  return { id, username, cookie, idToken: String(body.id_token) }
}

const takenOf = (userId: string) => taken.filter((token) => decodeJwt(token).sub === userId)

/** Waits until the site has accepted a notice about the user, and returns it. */
async function noticeOf(userId: string): Promise<string> {
  for (;;) {
    const [token] = takenOf(userId)
    if (token !== undefined) return token
    // oxlint-disable-next-line no-await-in-loop -- it polls
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
}

const logout = (cookie: string, query: Record<string, string>) =>
  request(server.app).get('/oauth/logout').query(query).set('Cookie', cookie)

describe('/oauth/logout (OpenID Connect RP-Initiated Logout 1.0)', () => {
  it('asks on a page, then ends the session and returns to the client (oidcc-rp-initiated-logout)', async () => {
    const { cookie, username, idToken } = await visitor()
    const query = { id_token_hint: idToken, post_logout_redirect_uri: goodbye, state: 'xyz' }
    const page = await logout(cookie, query).expect(200)
    expect(page.text).toContain(username)
    // The hint is from this SSO session, so the page submits itself.
    expect(page.text).toContain('/send.js')
    await request(server.app).get('/session').set('Cookie', cookie).expect(200)
    const post = request(server.app).post('/oauth/logout/confirm').set('Cookie', cookie)
    const { text, headers } = await post.type('form').send(query).expect(200)
    expect(headers.refresh).toBe(`0;url=${goodbye}?state=xyz`)
    expect(text).toContain('signed out of Shop')
    await request(server.app).get('/session').set('Cookie', cookie).expect(401)
  })

  it('waits for a click without a hint or with another user’s hint (…-no-params)', async () => {
    const [ada, eve] = [await visitor(), await visitor()]
    expect((await logout(ada.cookie, {}).expect(200)).text).not.toContain('/send.js')
    const foreign = { id_token_hint: eve.idToken }
    expect((await logout(ada.cookie, foreign).expect(200)).text).not.toContain('/send.js')
  })

  it('returns only to an address that the client registered (…-bad-post-logout-redirect-uri)', async () => {
    const { cookie, idToken } = await visitor()
    for (const uri of [`${goodbye}/x`, 'https://evil.example/', `${goodbye}?a=b`]) {
      const query = { id_token_hint: idToken, post_logout_redirect_uri: uri }
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await logout(cookie, query).expect(400)
    }
    await logout(cookie, { post_logout_redirect_uri: goodbye }).expect(400)
  })

  it('refuses a forged hint and another client’s (…-bad-id-token-hint)', async () => {
    const { cookie, idToken } = await visitor()
    const [head = '', , signature = ''] = idToken.split('.')
    const claims = { ...decodeJwt(idToken), sub: 'another' }
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
    await logout(cookie, { id_token_hint: `${head}.${body}.${signature}` }).expect(400)
    const other = await addSite('Other', 9)
    await logout(cookie, { id_token_hint: idToken, client_id: other.id }).expect(400)
  })

  it('(R32) lets another site neither post the form nor skip the page', async () => {
    const { cookie, idToken } = await visitor()
    const post = request(server.app).post('/oauth/logout/confirm').set('Cookie', cookie)
    await post.set('Origin', 'https://evil.example').type('form').send({}).expect(403)
    const entry = request(server.app).post('/oauth/logout').set('Cookie', cookie)
    const posted = await entry.type('form').send({ id_token_hint: idToken }).expect(303)
    expect(posted.headers.location).toMatch(/^\/oauth\/logout\?/)
    await request(server.app).get('/session').set('Cookie', cookie).expect(200)
  })

  it('(R41) refuses a field that is not text, however deeply nested', async () => {
    for (const path of ['/oauth/logout', '/oauth/authorize']) {
      const deep = `{"state":${'['.repeat(5000)}${']'.repeat(5000)}}`
      const post = request(server.app).post(path).type('json').send(deep)
      // oxlint-disable-next-line no-await-in-loop
      const { body } = await post.expect(400)
      expect(body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'state' }] })
    }
  })

  it('returns at once if nobody is signed in', async () => {
    const query = { client_id: site.id, post_logout_redirect_uri: goodbye }
    const { headers } = await logout('', query).expect(200)
    expect(headers.refresh).toBe(`0;url=${goodbye}`)
  })
})

describe('a logout notice (OpenID Connect Back-Channel Logout 1.0)', () => {
  it('(R81) reaches the site, signed and with the family’s sid (oidcc-backchannel-rp-initiated-logout)', async () => {
    const { id, cookie, idToken } = await visitor()
    startDelivering()
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    const token = await noticeOf(id)
    const { body } = await request(server.app).get('/.well-known/jwks.json')
    const expected = { issuer: server.config.issuer, audience: site.id, typ: 'logout+jwt' }
    const { payload } = await jwtVerify(token, createLocalJWKSet(body), expected)
    expect(payload).toMatchObject({
      sub: id,
      sid: decodeJwt(idToken).sid,
      jti: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(payload).not.toHaveProperty('nonce')
  })

  it.each<[string, (own: { id: string; cookie: string }) => Promise<unknown>]>([
    ['the end of all sessions', ({ id }) => endSignInsOfUser(server.signIns, id)],
    [
      'the expiry of the SSO session',
      ({ id }) => server.signIns.updateMany({ userId: id }, { $set: { expiresAt: new Date() } }),
    ],
  ])('(R81) is also sent after %s', async (_name, end) => {
    const own = await visitor()
    startDelivering()
    await end(own)
    expect(await noticeOf(own.id)).toMatch(/^\S+$/)
  })

  it('is sent once by two servers, and again after a failure', async () => {
    const { id, cookie } = await visitor()
    answers = [503]
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    startDelivering()
    startDelivering()
    while (answers.length > 0) {
      // oxlint-disable-next-line no-await-in-loop -- it polls
      await new Promise((resolve) => void setTimeout(resolve, 20))
    }
    expect(takenOf(id)).toEqual([])
    await server.signIns.updateMany({ userId: id }, { logoutDueAt: new Date() })
    await noticeOf(id)
    await new Promise((resolve) => void setTimeout(resolve, 300))
    expect(takenOf(id)).toHaveLength(1)
  })

  it('is not delayed by another site that does not answer', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
    const [held, other] = [await visitor(await addSite('Silent', portOf(silent))), await visitor()]
    await request(server.app).post('/logout').set('Cookie', held.cookie).expect(200)
    startDelivering()
    await request(server.app).post('/logout').set('Cookie', other.cookie).expect(200)
    await noticeOf(other.id)
    silent.closeAllConnections()
    silent.close()
  })

  it('(R82) is not sent to a private address unless the operator allows its network (SSRF)', async () => {
    const { cookie } = await visitor()
    await request(server.app).post('/logout').set('Cookie', cookie).expect(200)
    startDelivering([])
    let families = 0
    while (families === 0) {
      // oxlint-disable-next-line no-await-in-loop -- it polls
      families = await server.families.countDocuments({
        logoutTries: { $gt: 0 },
        logoutToldAt: null,
      })
    }
    expect(taken).toEqual([])
  })
})

describe('requests to clients’ addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '[::1]',
    '[fe80::1]',
    '[fd00::1]',
    '[::ffff:127.0.0.1]',
    '[2002:7f00:1::]',
    'localhost',
  ])('(R82) never go to %s', async (host) => {
    const outbound = createOutbound({ allow: [] })
    const posted = outbound.postForm(new URL(`http://${host}:${portOf(receiver)}/`), {})
    await expect(posted).rejects.toThrow()
    await outbound.close()
    expect(taken).toEqual([])
  })
})
