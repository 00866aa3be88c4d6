import { createHash, randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import request from 'supertest'
import { silentAudit } from './silent-audit.fixture.ts'
import { password, startTestApp } from './auth-server.fixture.ts'
import { addClient } from '../src/oauth/clients/add-client.ts'
import { newClientInput } from '../src/oauth/clients/client-input.ts'
import { createKeyring } from '../src/oauth/clients/keyring.ts'

export type TestServer = Awaited<ReturnType<typeof startTestApp>>
export type TestClient = { id: string; secret: string; audience: string }
export type Pair = { access_token: string; refresh_token: string; expires_in: number }
/** With the scope openid there is an id_token, too. */
export type Tokens = Pair & { scope: string; id_token: string }

export const callback = 'https://shop.example/cb'

/** Adds a client as an operator does. */
export async function addTestClient(
  server: TestServer,
  input: Record<string, unknown>,
): Promise<TestClient> {
  const keyring = createKeyring(server.config.keyEncryptionKeys)
  const { client, secret } = await addClient(
    { clients: server.clients, keyring, audit: silentAudit(), config: server.config },
    newClientInput.parse({ name: 'Shop', ...input }),
    null,
  )
  return { id: client.id, secret, audience: client.audiences[0] ?? client.audience }
}

/** Adds a resource server, and a site and a first-party client that get tokens for it. */
export async function addTestClients(server: TestServer) {
  const audience = `https://api-${randomBytes(4).toString('hex')}.example`
  const scopes = ['orders:read', 'orders:write']
  const api = await addTestClient(server, { kind: 'resource_server', audience, scopes })
  const asking = { audiences: [audience], scopes, redirectUris: [callback] }
  const site = await addTestClient(server, { kind: 'site', ...asking })
  const app = await addTestClient(server, { kind: 'first_party', name: 'App', ...asking })
  return { api, site, app }
}

/** A server with these clients, for one test file. */
export async function startWithClients(env: Record<string, string> = {}) {
  const server = await startTestApp(env)
  return { server, clients: await addTestClients(server) }
}

/** Gets a pair with a password, as a first-party client does. */
export async function pairByPassword(
  server: TestServer,
  client: TestClient,
  username: string,
): Promise<Pair> {
  const login = { username, password, client_id: client.id, client_secret: client.secret }
  return (await request(server.app).post('/login').send(login).expect(200)).body
}

/** A verifier, which a site keeps while the visitor signs in, and its challenge (RFC 7636). */
export function pkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

export function authorizePath(
  client: TestClient,
  challenge: string,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: callback,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'a state',
    ...more,
  })
  return `/oauth/authorize?${query}`
}

/** The address that an authorization request redirects a visitor to. */
export async function redirectOf(
  server: TestServer,
  asked: { client: TestClient; cookie: string; challenge?: string; more?: Record<string, string> },
): Promise<URL> {
  const { client, cookie, challenge = pkce().challenge, more } = asked
  const answer = await request(server.app)
    .get(authorizePath(client, challenge, more))
    .set('Cookie', cookie)
    .expect(303)
  return new URL(String(answer.headers.location), 'http://here')
}

/** The code with which a signed-in visitor returns to the client. */
export async function codeFor(
  server: TestServer,
  asked: { client: TestClient; cookie: string; challenge: string; more?: Record<string, string> },
): Promise<string> {
  return (await redirectOf(server, asked)).searchParams.get('code') ?? ''
}

export function exchange(
  server: TestServer,
  client: TestClient,
  fields: { code: string; verifier: string },
) {
  return request(server.app).post('/oauth/token').auth(client.id, client.secret).type('form').send({
    grant_type: 'authorization_code',
    code: fields.code,
    redirect_uri: callback,
    code_verifier: fields.verifier,
  })
}

/** Gets a pair for a signed-in visitor, as a site does. */
export async function pairByCode(
  server: TestServer,
  client: TestClient,
  cookie: string,
  more: Record<string, string> = {},
): Promise<Tokens> {
  const { verifier, challenge } = pkce()
  const code = await codeFor(server, { client, cookie, challenge, more })
  return (await exchange(server, client, { code, verifier }).expect(200)).body
}

export function refresh(server: TestServer, client: TestClient, refreshToken: string) {
  const credentials = { client_id: client.id, client_secret: client.secret }
  return request(server.app)
    .post('/refresh')
    .send({ ...credentials, refresh_token: refreshToken })
}

/** Refreshes like a client that retries while a busy machine answers 503. */
export async function refreshWithPatience(server: TestServer, client: TestClient, token: string) {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await refresh(server, client, token)
    if (answer.status !== 503) return answer
  }
}

export async function verify(server: TestServer, api: TestClient, token: string) {
  const answer = request(server.app).post('/verify').auth(api.id, api.secret).type('form')
  return (await answer.send({ token }).expect(200)).body
}

/** Moves the last rotation of a token's family into the past, beyond the leeway. */
export async function passLeeway(server: TestServer, token: string, ms = 11_000): Promise<void> {
  const id = String(decodeJwt(token).sid)
  const family = await server.families.findById(id).lean()
  const earlier = (time: Date | null | undefined) => time && new Date(time.getTime() - ms)
  await server.families.updateOne(
    { _id: id },
    { rotatedAt: earlier(family?.rotatedAt), attemptedAt: earlier(family?.attemptedAt) },
  )
}
