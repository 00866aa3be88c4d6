import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { commandLine } from '../../../testing/cli.fixture.ts'
import { pairByPassword, type TestServer, verify } from '../../../testing/token-clients.fixture.ts'

const secrets = { KEY_ENCRYPTION_KEY: 'a key for the keys of these tests, 0123456789' }

let server: TestServer
let cli: ReturnType<typeof commandLine>

beforeAll(async () => {
  server = await startTestApp(secrets)
  const { mongoUrl, redisUrl } = server.config
  cli = commandLine({ MONGO_URL: mongoUrl, REDIS_URL: redisUrl, ...secrets })
})
afterAll(() => server.close())

const audience = 'https://orders.example'

async function addApi(name = audience) {
  const kind = ['--kind', 'resource_server', '--audience', name, '--scope', 'orders:read']
  return await cli.json(['client', 'add', '--name', 'Orders', ...kind])
}

describe('client add', () => {
  it('registers clients that get tokens, and resource servers that check them', async () => {
    const api = await addApi()
    const kind = ['--kind', 'first-party', '--audience', audience, '--scope', 'orders:read']
    const app = await cli.json(['client', 'add', '--name', 'App', ...kind])
    const { username } = await server.addUser()
    const client = { id: app.client_id, secret: app.client_secret, audience }
    const { access_token } = await pairByPassword(server, client, username)
    const checks = { id: api.client_id, secret: api.client_secret, audience }
    expect(await verify(server, checks, access_token)).toMatchObject({
      active: true,
      scope: 'orders:read',
    })
  })

  it('names every invalid field', async () => {
    const add = ['client', 'add', '--name', 'Shop', '--kind', 'app', '--pkce', 'off']
    const { code, stderr } = await cli.run(add)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/--redirect-uri:/)
    expect(stderr).toMatch(/--pkce:/)
  })

  it('fails without the key of the auth server', async () => {
    const env = { KEY_ENCRYPTION_KEY: undefined }
    const add = ['client', 'add', '--name', 'x', '--kind', 'site']
    const { code, stderr } = await cli.run(add, { env })
    expect(code).toBe(1)
    expect(stderr).toContain('KEY_ENCRYPTION_KEY')
  })
})

describe('client edit', () => {
  it('changes the given options and leaves the rest', async () => {
    const { client_id, name } = await addApi('https://edit.example')
    const scopes = ['--scope', 'stock:read', 'stock:write']
    const edited = await cli.json(['client', 'edit', client_id, ...scopes])
    const audiences = ['https://edit.example']
    expect(edited).toMatchObject({ name, audiences, scopes: ['stock:read', 'stock:write'] })
  })

  it('keeps the query of a redirect URI to the letter', async () => {
    const uri = 'https://shop.example/cb?next=a%20b&flag&x=%2Fy~(1)'
    const kind = ['--kind', 'site', '--redirect-uri', 'https://shop.example/cb']
    const { client_id } = await cli.json(['client', 'add', '--name', 'Shop', ...kind])
    const edited = await cli.json(['client', 'edit', client_id, '--redirect-uri', uri])
    expect(edited.redirectUris).toEqual([uri])
  })

  it('records the changed fields in the audit log, and nothing without a change', async () => {
    const { client_id } = await addApi('https://fields.example')
    const edit = ['client', 'edit', client_id, '--scope', 'orders:read']
    await cli.json(edit)
    await cli.json([...edit, '--name', 'Other'])
    const records = await server.audited({ subjectId: client_id, event: 'client_edited' })
    expect(records).toMatchObject([{ details: { fields: 'name' } }])
  })

  it('refuses an invalid combination and changes nothing', async () => {
    const { client_id } = await addApi('https://stays.example')
    const uri = ['--redirect-uri', 'https://shop.example/cb']
    const edit = ['client', 'edit', client_id, '--name', 'Other', ...uri]
    const { code, stderr } = await cli.run(edit)
    expect([code, stderr]).toEqual([2, expect.stringContaining('--redirect-uri:')])
    const { clients } = await cli.json(['client', 'list'])
    const stored = clients.find(({ id }: { id: string }) => id === client_id)
    expect(stored.name).toBe('Orders')
  })

  it('requires at least one change', async () => {
    const { client_id } = await addApi('https://asks.example')
    expect((await cli.run(['client', 'edit', client_id])).code).toBe(2)
  })
})

describe('client list, rotate, remove', () => {
  it('shows no secret and no key', async () => {
    const { client_id, client_secret } = await addApi('https://list.example')
    const { stdout } = await cli.run(['client', 'list', '--json'])
    expect(stdout).toContain(client_id)
    expect(stdout).not.toContain(client_secret)
    expect(stdout).not.toMatch(/"(hash|privateKey|d)"/)
  })

  it('gives a new secret, and ends the previous one with --overlap-hours 0', async () => {
    const api = await addApi('https://rotate.example')
    const rotate = ['client', 'rotate', api.client_id, '--overlap-hours', '0']
    const { client_secret } = await cli.json(rotate)
    const check = (secret: string) =>
      verify(server, { id: api.client_id, secret, audience }, 'no token')
    expect(await check(client_secret)).toMatchObject({ active: false })
    await expect(check(api.client_secret)).rejects.toThrow(/401/)
  })

  it('records changes in the audit log', async () => {
    const { client_id } = await addApi('https://told.example')
    await cli.json(['client', 'rotate', client_id])
    await cli.json(['client', 'remove', client_id, '--yes'])
    const records = await server.audited({ subjectId: client_id })
    const events = records.map(({ event }) => event)
    expect(events).toEqual(['client_added', 'client_rotated', 'client_removed'])
    expect(records[0]).toMatchObject({ actorId: null, address: null })
  })

  it('removes a client after confirmation', async () => {
    const { client_id } = await addApi('https://remove.example')
    expect((await cli.run(['client', 'remove', client_id])).code).toBe(2)
    await cli.json(['client', 'remove', client_id, '--yes'])
    const again = await cli.run(['client', 'remove', client_id, '--yes'])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('client list') })
  })
})

describe('keys rotate', () => {
  it('shows when the new key starts to sign', async () => {
    const { client_id } = await addApi('https://keys.example')
    const { rotated } = await cli.json(['keys', 'rotate', client_id])
    const ahead = new Date(rotated[0].signsFrom).getTime() - Date.now()
    expect(ahead).toBeGreaterThan(14 * 60_000)
    const now = await cli.json(['keys', 'rotate', client_id, '--now', '--yes'])
    expect(new Date(now.rotated[0].signsFrom).getTime()).toBeLessThanOrEqual(Date.now())
  })
})
