import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { addTestClient, callback, type TestServer } from '../../../testing/token-clients.fixture.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestApp()
  await addTestClient(server, { kind: 'site', redirectUris: [callback] })
})
afterAll(() => server.close())

describe('GET /.well-known/openid-configuration (oidcc-discovery-endpoint-verification)', () => {
  it('is complete and true, and any page may read it', async () => {
    const { body, headers } = await request(server.app)
      .get('/.well-known/openid-configuration')
      .set('Origin', 'https://spa.example')
      .expect(200)
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(body).toMatchObject({
      issuer: 'http://127.0.0.1',
      subject_types_supported: ['public'],
      response_types_supported: ['code'],
      userinfo_endpoint: 'http://127.0.0.1/oauth/userinfo',
      end_session_endpoint: 'http://127.0.0.1/oauth/logout',
      claims_parameter_supported: false,
    })
    expect(body.id_token_signing_alg_values_supported).toContain('RS256')
    expect(body.scopes_supported).toEqual(['openid', 'profile', 'email', 'offline_access'])
    const same = await request(server.app).get('/.well-known/oauth-authorization-server')
    expect(same.body).toEqual(body)
  })

  it('names a token endpoint that pages of registered clients may call, and no others', async () => {
    const preflight = (origin: string) =>
      request(server.app)
        .options('/oauth/token')
        .set({ Origin: origin, 'Access-Control-Request-Method': 'POST' })
    const known = await preflight('https://shop.example')
    expect(known.headers['access-control-allow-origin']).toBe('https://shop.example')
    expect(known.headers).not.toHaveProperty('access-control-allow-credentials')
    const unknown = await preflight('https://evil.example')
    expect(unknown.headers).not.toHaveProperty('access-control-allow-origin')
  })
})
