import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findClient } from '../oauth/clients/find-client.ts'
import { addTestClients, callback } from '../../testing/token-clients.fixture.ts'
import { findUserById } from '../users/find-user.ts'
import { startWithAdmin } from '../../testing/admins.fixture.ts'

let server: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  server = await startWithAdmin()
})
afterAll(() => server.close())

/** The values the form was opened with. */
function seenIn(html: string): string {
  return /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? 'none'
}

function statusesOf(answers: { status: number }[]): number[] {
  return answers.map(({ status }) => status).toSorted((one, other) => one - other)
}

describe('a form for roles', () => {
  const pageOf = ({ id }: { id: string }) => `/admin/users/${id}`

  it('restores no role that was removed since it was opened: 409 with the current roles', async () => {
    const user = await server.addUser({ roles: ['editor', 'support'] })
    const path = `${pageOf(user)}/roles`
    const seen = seenIn((await server.visit(path).expect(200)).text)
    await server.press(path, { roles: 'editor', seen }).expect(303)

    const asked = { roles: 'editor support auditor', seen }
    const { text } = await server.press(path, asked).expect(409)
    expect(text).toContain('Somebody else has changed this')
    expect(text).toContain('value="editor" autocapitalize')
    expect((await findUserById(server.users, user.id))?.roles).toEqual(['editor'])
    await server.press(path, { roles: 'editor auditor', seen: seenIn(text) }).expect(303)
    expect((await findUserById(server.users, user.id))?.roles).toEqual(['auditor', 'editor'])
  })

  it('is accepted once when it is sent several times at once', async () => {
    const user = await server.addUser({ roles: ['support', 'editor'] })
    const path = `${pageOf(user)}/roles`
    const seen = seenIn((await server.visit(path).expect(200)).text)
    const send = (role: string) => server.press(path, { roles: `support ${role}`, seen })
    const answers = await Promise.all(['a', 'b', 'c'].map(send))
    expect(statusesOf(answers)).toEqual([303, 409, 409])
  })

  it('keeps the roles it was opened with when it holds an invalid role', async () => {
    const user = await server.addUser({ roles: ['support'] })
    const path = `${pageOf(user)}/roles`
    const seen = seenIn((await server.visit(path).expect(200)).text)
    await server.press(path, { roles: '', seen }).expect(303)
    const { text } = await server.press(path, { roles: '<b>', seen }).expect(400)
    await server.press(path, { roles: 'support', seen: seenIn(text) }).expect(409)
  })
})

describe('a form for a client', () => {
  const addSite = async () => (await addTestClients(server)).site
  const stored = (id: string) => findClient(server.clients, id)

  it('restores no field that was changed since it was opened: 409 with the current values', async () => {
    const { id } = await addSite()
    const path = `/admin/clients/${id}/edit`
    const fields = { redirectUris: callback, scopes: 'orders:read' }
    const seen = seenIn((await server.visit(path).expect(200)).text)
    await server.press(path, { name: 'Safer', ...fields, scopes: '', seen }).expect(303)
    const { text } = await server.press(path, { name: 'Mine', ...fields, seen }).expect(409)
    expect(text).toContain('Somebody else has changed this')
    expect(text).toContain('value="Safer"')
    expect(await stored(id)).toMatchObject({ name: 'Safer', scopes: [] })
    const again = { name: 'Mine', ...fields, scopes: '', seen: seenIn(text) }
    await server.press(path, again).expect(303)
    expect(await stored(id)).toMatchObject({ name: 'Mine', scopes: [] })
  })

  it('is accepted once when it is sent several times at once', async () => {
    const { id } = await addSite()
    const path = `/admin/clients/${id}/edit`
    const seen = seenIn((await server.visit(path).expect(200)).text)
    const send = (name: string) => server.press(path, { name, redirectUris: callback, seen })
    const answers = await Promise.all(['A', 'B', 'C'].map(send))
    expect(statusesOf(answers)).toEqual([303, 409, 409])
  })
})
