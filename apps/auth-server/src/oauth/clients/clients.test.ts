import { afterAll, describe, expect, it } from '@jest/globals'
import { decodeProtectedHeader } from 'jose'
import request from 'supertest'
import {
  addTestClient,
  callback,
  pairByPassword,
  refresh,
  startWithClients,
  verify,
} from '../../../testing/token-clients.fixture.ts'
import { addClient } from './add-client.ts'
import { newClientInput } from './client-input.ts'
import type { Client } from './client.model.ts'
import { findClient } from './find-client.ts'
import { findLostKeys } from './find-lost-keys.ts'
import { createKeyring } from './keyring.ts'
import { removeClient } from './remove-client.ts'
import { rotateClientSecret } from './rotate-client-secret.ts'
import { rotateSigningKey } from './rotate-signing-key.ts'
import { PUBLISH_AHEAD_MS, publishedKeys } from './signing-keys.ts'

const { server, clients } = await startWithClients()
afterAll(() => server.close())

async function stored({ id }: { id: string }): Promise<Client> {
  const client = await findClient(server.clients, id)
  if (!client) throw new Error('no such client')
  return client
}

async function newPair() {
  const { username } = await server.addUser()
  return await pairByPassword(server, clients.app, username)
}

async function publishedIds(): Promise<string[]> {
  const { body } = await request(server.app).get('/.well-known/jwks.json').expect(200)
  return body.keys.map(({ kid }: { kid: string }) => kid)
}

function rotateKey(client: Client, options = {}) {
  const keyring = createKeyring(server.config.keyEncryptionKeys)
  const { refreshDays } = server.config
  return rotateSigningKey({ ...server, keyring, refreshDays }, client, { ...options, from: null })
}

describe('signing keys after KEY_ENCRYPTION_KEY changed', () => {
  it('are reported by client until the old value is back or the keys are rotated', async () => {
    const former = createKeyring(server.config.keyEncryptionKeys)
    const keyring = createKeyring(['another secret of an operator who lost the former one'])
    const namesOf = async (own: typeof keyring) =>
      (await findLostKeys({ clients: server.clients, keyring: own })).map(({ name }) => name)
    expect(await namesOf(former)).toEqual([])
    const client = await addClient(
      { ...server, keyring: former },
      newClientInput.parse({
        name: 'Lost',
        kind: 'resource_server',
        audience: 'https://lost.test',
      }),
      null,
    ).then(({ client }) => client)
    expect(await namesOf(keyring)).toContain('Lost')
    await rotateSigningKey({ ...server, keyring, refreshDays: 90 }, client, {
      now: true,
      from: null,
    })
    expect(await namesOf(keyring)).not.toContain('Lost')
    await removeClient(server, { id: client.id, from: null })
  })
})

describe('a client’s secret', () => {
  it('is stored only as a hash', async () => {
    expect(JSON.stringify(await stored(clients.site))).not.toContain(clients.site.secret)
  })

  it('stays valid for a while after a rotation', async () => {
    const { refresh_token: token } = await newPair()
    const { secret } = await rotateClientSecret(server, await stored(clients.app), { from: null })
    const { body } = await refresh(server, clients.app, token).expect(200)
    await refresh(server, { ...clients.app, secret }, body.refresh_token).expect(200)
    clients.app.secret = secret
  })

  it('ends at once without an overlap', async () => {
    const { refresh_token: token } = await newPair()
    const old = clients.app
    const client = await stored(old)
    const { secret } = await rotateClientSecret(server, client, { overlapHours: 0, from: null })
    await refresh(server, old, token).expect(401)
    clients.app = { ...old, secret }
    await refresh(server, clients.app, token).expect(200)
  })

  it('records when it was used', async () => {
    const [secret] = (await stored(clients.app)).secrets
    expect(secret?.lastUsedAt).toBeInstanceOf(Date)
  })
})

describe('a client’s signing key', () => {
  it('is stored encrypted', async () => {
    const [key] = (await stored(clients.app)).keys
    expect(decodeProtectedHeader(key?.privateKey ?? '')).toEqual({ alg: 'dir', enc: 'A256GCM' })
    expect(JSON.stringify(key)).not.toContain('"d"')
  })

  it('(R51) is published before it signs, and until its last token has expired', async () => {
    const before = await stored(clients.app)
    const { kid } = await rotateKey(before)
    const [old = { kid: '' }] = before.keys.slice(-1)
    expect(await publishedIds()).toEqual(expect.arrayContaining([old.kid, kid]))
    const { access_token } = await newPair()
    expect(decodeProtectedHeader(access_token).kid).toBe(old.kid)
    const { keys } = await stored(clients.app)
    const idsAt = (ms: number) =>
      publishedKeys(keys, { accessTokenSeconds: 300, now: new Date(Date.now() + ms) }).map(
        (key) => key.kid,
      )
    expect(idsAt(PUBLISH_AHEAD_MS + 300_000)).toContain(old.kid)
    expect(idsAt(PUBLISH_AHEAD_MS + 400_000)).not.toContain(old.kid)
  })

  it('is replaced at once if stolen, and every token it signed is refused', async () => {
    const { access_token } = await newPair()
    const { kid } = await rotateKey(await stored(clients.app), { now: true })
    expect(await verify(server, clients.api, access_token)).toMatchObject({ active: false })
    expect(decodeProtectedHeader((await newPair()).access_token).kid).toBe(kid)
  })

  it.each(['ES256', 'RS256'] as const)('may use %s', async (alg) => {
    const asking = { audiences: [clients.api.audience], redirectUris: [callback] }
    const client = await addTestClient(server, { kind: 'first_party', alg, ...asking })
    const { username } = await server.addUser()
    const { access_token } = await pairByPassword(server, client, username)
    expect(decodeProtectedHeader(access_token).alg).toBe(alg)
    expect(await verify(server, clients.api, access_token)).toMatchObject({ active: true })
  })

  it('has 3,072 bits if it is an RSA key (ASVS 11.1)', async () => {
    const { id } = await addTestClient(server, {
      kind: 'site',
      alg: 'RS256',
      redirectUris: [callback],
    })
    const { keys = [] } = (await server.clients.findById(id).lean()) ?? {}
    const moduli = keys.map(({ publicJwk }) => Buffer.from(publicJwk.n ?? '', 'base64url'))
    expect(moduli.map(({ length }) => length * 8)).toEqual([3072])
  })

  it('is decrypted by any of the secrets in KEY_ENCRYPTION_KEY', async () => {
    const secrets = ['one secret of many', 'another secret']
    const { privateKey } = (await stored(clients.api)).keys[0] ?? { privateKey: '' }
    const own = createKeyring([...secrets, ...server.config.keyEncryptionKeys])
    await expect(own.unlock(privateKey, 'ES256')).resolves.toBeDefined()
    await expect(createKeyring(secrets).unlock(privateKey, 'ES256')).rejects.toThrow(
      /KEY_ENCRYPTION_KEY/,
    )
  })
})

describe('a new client', () => {
  const site = { name: 'Shop', kind: 'site', audiences: ['https://api.example'] }

  it.each([
    'http://shop.example/cb',
    'https://shop.example/cb#x',
    'https://*.shop.example/cb',
    'javascript:alert(1)',
    '/cb',
  ])('cannot redirect to %s', (uri) => {
    expect(newClientInput.safeParse({ ...site, redirectUris: [uri] }).success).toBe(false)
  })

  it.each(['https://shop.example/cb', 'http://localhost:8080/cb'])('can redirect to %s', (uri) => {
    expect(newClientInput.safeParse({ ...site, redirectUris: [uri] }).success).toBe(true)
  })

  it('may request only audiences of registered resource servers', async () => {
    const input = { kind: 'site', redirectUris: [callback], audiences: ['https://nobody.example'] }
    await expect(addTestClient(server, input)).rejects.toMatchObject({
      fields: [{ field: 'audiences', message: expect.stringContaining('nobody.example') }],
    })
  })

  it.each(['', '/'])('cannot have the issuer%s as its audience', async (end) => {
    const input = { kind: 'resource_server', audience: `${server.config.issuer}${end}` }
    await expect(addTestClient(server, input)).rejects.toMatchObject({
      fields: [{ field: 'audience', message: expect.stringContaining('auth server') }],
    })
  })

  it('needs a unique audience as a resource server', async () => {
    const input = { kind: 'resource_server', audience: clients.api.audience }
    await expect(addTestClient(server, input)).rejects.toMatchObject({ code: 'audience_taken' })
  })
})
