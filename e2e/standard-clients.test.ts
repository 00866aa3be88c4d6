import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { password, startConstellation } from './constellation.fixture.ts'

const audience = 'https://orders.example'
const callback = 'https://shop.example/cb'

describe.each(['/', '/auth/'])('a standard OAuth client, BASE_PATH=%s', (basePath) => {
  let auth: Awaited<ReturnType<typeof startConstellation>>
  let site: client.Configuration
  let api: client.Configuration
  let cookie = ''

  beforeAll(async () => {
    auth = await startConstellation({ basePath })
    await auth.addUser('ada')
    const scopes = ['orders:read', 'orders:write']
    api = await discover({ name: 'Orders', kind: 'resource_server', audience, scopes })
    const asks = { audiences: [audience], scopes, redirectUris: [callback] }
    site = await discover({ name: 'Shop', kind: 'site', ...asks })
    cookie = await signIn()
  }, 60_000)
  afterAll(() => auth.stop())

  /** Knows only the server's address and its own credentials. */
  async function discover(
    input: Record<string, unknown>,
    authentication?: (secret: string) => client.ClientAuth,
  ): Promise<client.Configuration> {
    const { client: added, secret } = await auth.addClient(input)
    const issuer = new URL(auth.authUrl.replace(/\/$/, ''))
    return await client.discovery(issuer, added.id, secret, authentication?.(secret), {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    })
  }

  async function signIn(): Promise<string> {
    const answer = await fetch(`${auth.authUrl}login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password }),
    })
    return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  }

  async function tokensByCode(config = site) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'orders:read',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state,
    })
    const answer = await fetch(url, { headers: { cookie }, redirect: 'manual' })
    const back = new URL(answer.headers.get('location') ?? '')
    return await client.authorizationCodeGrant(config, back, {
      pkceCodeVerifier,
      expectedState: state,
    })
  }

  it('discovers everything from the issuer (RFC 8414)', () => {
    const metadata = site.serverMetadata()
    expect(metadata.supportsPKCE()).toBe(true)
    expect(`${metadata.issuer}/`).toBe(auth.authUrl)
    expect(metadata.token_endpoint).toBe(`${auth.authUrl}oauth/token`)
  })

  it('gets tokens by code with PKCE, and verifies them with the published keys', async () => {
    const { access_token, token_type, expires_in, scope } = await tokensByCode()
    expect([token_type, expires_in, scope]).toEqual(['bearer', 300, 'orders:read'])
    const { issuer, jwks_uri = '' } = site.serverMetadata()
    const options = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] }
    const keys = createRemoteJWKSet(new URL(jwks_uri))
    const { payload } = await jwtVerify(access_token, keys, options)
    expect(payload).toMatchObject({ client_id: site.clientMetadata().client_id, scope })
  })

  it.each(['ES256', 'RS256'])('verifies tokens signed with %s', async (alg) => {
    const asks = { audiences: [audience], scopes: ['orders:read'], redirectUris: [callback] }
    const other = await discover({ name: alg, kind: 'site', alg, ...asks })
    const { access_token } = await tokensByCode(other)
    const { issuer, jwks_uri = '' } = other.serverMetadata()
    const keys = createRemoteJWKSet(new URL(jwks_uri))
    await jwtVerify(access_token, keys, { issuer, audience, typ: 'at+jwt', algorithms: [alg] })
  })

  it('refreshes, and a resource server sees that the new token is active', async () => {
    const first = await tokensByCode()
    const second = await client.refreshTokenGrant(site, first.refresh_token ?? '')
    expect(second.refresh_token).not.toBe(first.refresh_token)
    const seen = await client.tokenIntrospection(api, second.access_token)
    expect(seen).toMatchObject({ active: true, scope: 'orders:read', aud: audience })
  })

  it('revokes (RFC 7009): the refresh token is refused, the access token inactive (RFC 7662)', async () => {
    const { access_token, refresh_token = '' } = await tokensByCode()
    await client.tokenRevocation(site, refresh_token, { token_type_hint: 'refresh_token' })
    const refused = await client.refreshTokenGrant(site, refresh_token).catch(thrown)
    expect(refused).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(await client.tokenIntrospection(api, access_token)).toEqual({ active: false })
    await client.tokenRevocation(site, 'no token at all')
  })

  it('can authenticate by HTTP Basic', async () => {
    const asks = { audiences: [audience], scopes: ['orders:read'], redirectUris: [callback] }
    const basic = await discover({ name: 'Basic', kind: 'site', ...asks }, client.ClientSecretBasic)
    const { refresh_token = '' } = await tokensByCode(basic)
    await client.refreshTokenGrant(basic, refresh_token)
    await client.tokenRevocation(basic, refresh_token)
  })

  it('understands why it is refused: a wrong secret, a scope that it may not have', async () => {
    const { client_id } = site.clientMetadata()
    const stranger = new client.Configuration(site.serverMetadata(), client_id, 'wrong')
    client.allowInsecureRequests(stranger)
    const refused = await client.refreshTokenGrant(stranger, 'x').catch(thrown)
    expect(refused).toMatchObject({ status: 401 })
    const { refresh_token = '' } = await tokensByCode()
    const more = client.refreshTokenGrant(site, refresh_token, { scope: 'admin' })
    expect(await more.catch(thrown)).toMatchObject({ error: 'invalid_scope' })
  })
})

function thrown(error: unknown): unknown {
  return error
}
