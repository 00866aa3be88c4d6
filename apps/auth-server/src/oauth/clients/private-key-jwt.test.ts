import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import {
  addTestClient,
  type TestClient,
  type TestServer,
} from '../../../testing/token-clients.fixture.ts'

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

let server: TestServer
let robot: TestClient
let key: CryptoKey
let jwks: { keys: object[] }

beforeAll(async () => {
  server = await startTestApp()
  const pair = await generateKeyPair('ES256')
  key = pair.privateKey
  jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }] }
  robot = await addTestClient(server, { kind: 'machine', scopes: ['jobs'], jwks })
})
afterAll(() => server.close())

type Change = { claims?: Record<string, unknown>; header?: object; key?: CryptoKey | Uint8Array }

/** An assertion as RFC 7523 §3 has it, with changes. */
function assertion({ claims, header, key: other = key }: Change = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const { issuer } = server.config
  const usual = { iss: robot.id, sub: robot.id, aud: issuer, exp: now + 60, jti: randomUUID() }
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
    .sign(other)
}

function ask(client_assertion: string, more: Record<string, string> = {}) {
  const grant = { grant_type: 'client_credentials', client_assertion_type: type }
  const asked = request(server.app).post('/oauth/token').type('form')
  return asked.send({ ...grant, client_assertion, ...more })
}

describe('private_key_jwt (RFC 7523)', () => {
  it('authenticates a client, which has no secret', async () => {
    expect(robot.secret).toBe('')
    const { body } = await ask(await assertion()).expect(200)
    expect(body).toMatchObject({ access_token: expect.any(String), scope: 'jobs' })
    await ask(await assertion(), { client_id: robot.id }).expect(200)
  })

  it('accepts an assertion for the issuer, the token endpoint, or both', async () => {
    const { issuer } = server.config
    const endpoint = `${issuer}/oauth/token`
    for (const aud of [endpoint, [issuer], [issuer, endpoint]])
      // oxlint-disable-next-line no-await-in-loop -- each by itself
      await ask(await assertion({ claims: { aud } })).expect(200)
  })

  it.each(['JWT', 'client-authentication+jwt', 'application/Client-Authentication+jwt'])(
    'accepts an assertion of the type %s',
    async (typ) => {
      await ask(await assertion({ header: { typ } })).expect(200)
    },
  )

  it('(R93) accepts an assertion once, also if it is sent twice at the same time', async () => {
    const token = await assertion()
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(token)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 401, 401, 401, 401,
    ])
    const again = await ask(token).expect(401)
    expect(again.body.error).toBe('invalid_client')
  })

  const seconds = (from: number) => Math.floor(Date.now() / 1000) + from
  it.each<[string, () => Change | Promise<Change>]>([
    ['for another server', () => ({ claims: { aud: 'https://other.example' } })],
    [
      'for this server and another',
      () => ({ claims: { aud: [server.config.issuer, 'https://other.example'] } }),
    ],
    ['for nobody', () => ({ claims: { aud: [] } })],
    ['without an audience', () => ({ claims: { aud: undefined } })],
    ['about another client', () => ({ claims: { sub: 'other' } })],
    ['of an unknown client', () => ({ claims: { iss: 'other', sub: 'other' } })],
    ['that has expired', () => ({ claims: { exp: seconds(-60) } })],
    ['without an expiry', () => ({ claims: { exp: undefined } })],
    ['that is valid for more than five minutes', () => ({ claims: { exp: seconds(3600) } })],
    ['that is not valid yet', () => ({ claims: { nbf: seconds(60) } })],
    ['without a jti', () => ({ claims: { jti: undefined } })],
    ['that is an access token', () => ({ header: { typ: 'at+jwt' } })],
    ['that is a logout token', () => ({ header: { typ: 'logout+jwt' } })],
    ['of an unknown key', () => ({ header: { kid: 'two' } })],
    ['signed with another key', async () => ({ key: (await generateKeyPair('ES256')).privateKey })],
    [
      'signed with the public key as a secret',
      () => ({ header: { alg: 'HS256' }, key: Buffer.from(JSON.stringify(jwks.keys[0])) }),
    ],
  ])('(R93) refuses an assertion %s', async (_name, change) => {
    const { body } = await ask(await assertion(await change())).expect(401)
    expect(body.error).toBe('invalid_client')
  })

  it('refuses a secret beside it, another type, and text that is no JWT', async () => {
    await ask(await assertion(), { client_id: robot.id, client_secret: 'x' }).expect(400)
    const saml = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
    await ask(await assertion(), { client_assertion_type: saml }).expect(400)
    await ask('no-token').expect(401)
    await ask(await assertion(), { client_id: 'another' }).expect(401)
  })

  it('refuses private and incomplete keys at registration', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const secret = { ...(await exportJWK(pair.privateKey)), kid: 'one', alg: 'ES256' }
    const { alg: _alg, ...bare } = { ...jwks.keys[0], alg: 'ES256' }
    for (const one of [secret, bare, { kty: 'oct', k: 'a', kid: 'one', alg: 'HS256' }]) {
      const input = { kind: 'machine', jwks: { keys: [one] } }
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await expect(addTestClient(server, input)).rejects.toThrow()
    }
  })
})
