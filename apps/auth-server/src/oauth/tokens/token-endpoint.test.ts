import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import {
  addTestClients,
  type TestClient,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'

let server: TestServer
let site: TestClient

beforeAll(async () => {
  server = await startTestApp()
  site = (await addTestClients(server)).site
})
afterAll(() => server.close())

const post = () => request(server.app).post('/oauth/token').auth(site.id, site.secret)

describe('POST /oauth/token (RFC 6749 §5.2)', () => {
  it.each([
    ['a body of another type', 415, 'text/plain', 'grant_type=refresh_token'],
    ['broken JSON', 400, 'application/json', '{"grant_type":'],
    ['a body that is too large', 413, 'application/json', `{"a":"${'x'.repeat(200_000)}"}`],
  ])('answers %s with %i invalid_request', async (_name, status, type, body) => {
    const answer = await post().set('Content-Type', type).send(body)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({
      error: 'invalid_request',
      error_description: expect.any(String),
    })
  })

  it('answers several resources with invalid_target: a token has one audience (RFC 8707)', async () => {
    const body = 'grant_type=refresh_token&refresh_token=x&resource=a:b&resource=c:d'
    const answer = await post().type('form').send(body).expect(400)
    expect(answer.body.error).toBe('invalid_target')
  })

  it('forbids caching, also by HTTP/1.0 caches', async () => {
    const answer = await post().type('form').send('grant_type=refresh_token&refresh_token=x')
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' })
  })
})
