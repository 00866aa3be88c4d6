import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { beginDeletion } from '../../accounts/lifecycle/delete-user.ts'
import { password } from '../../../testing/auth-server.fixture.ts'
import { startOperatedServer } from '../../../testing/operated-server.fixture.ts'
import { mailTo } from '../../../testing/mailed-links.fixture.ts'
import { findUserById } from '../../users/find-user.ts'

let server: Awaited<ReturnType<typeof startOperatedServer>>
let cli: typeof server.cli
beforeAll(async () => {
  server = await startOperatedServer()
  cli = server.cli
})
afterAll(() => server.close())

function signInAs(username: string) {
  return request(server.app).post('/login').send({ username, password })
}

async function answerTo(cookie: string) {
  return (await request(server.app).get('/session').set('Cookie', cookie)).body
}

describe('users list', () => {
  it('shows users by name, a page at a time, and never a hash (R42)', async () => {
    for (const name of ['paged-a', 'paged-b', 'paged-c']) await server.addUser({ username: name })
    const first = await cli.json(['users', 'list', '--search', 'PAGED', '--limit', '2'])
    expect(names(first)).toEqual(['paged-a', 'paged-b'])
    const rest = await cli.json(['users', 'list', '--search', 'paged', '--after', first.next])
    expect([names(rest), rest.next]).toEqual([['paged-c'], null])
    expect(JSON.stringify(first)).not.toContain('$2b$')
  })

  it('treats the search as text, not as a pattern', async () => {
    expect(names(await cli.json(['users', 'list', '--search', '.*']))).toEqual([])
  })

  function names({ users }: { users: { username: string }[] }): string[] {
    return users.map(({ username }) => username)
  }
})

describe('users show', () => {
  it('finds a user by name, e-mail address or id', async () => {
    const { id, username, email } = await server.addUser()
    for (const text of [username, email.toUpperCase(), id])
      expect(await cli.json(['users', 'show', text])).toMatchObject({ id, state: 'active' })
  })
})

describe('users suspend', () => {
  it('ends every session at once and refuses sign-in until users restore (R26)', async () => {
    const { username } = await server.addUser()
    const cookies = [await server.signIn(username), await server.signIn(username)]
    expect(await cli.json(['users', 'suspend', username])).toMatchObject({ state: 'suspended' })
    expect(await Promise.all(cookies.map(server.isSignedIn))).toEqual([false, false])
    expect((await signInAs(username)).body.code).toBe('account_suspended')

    expect(await cli.json(['users', 'restore', username])).toMatchObject({ state: 'active' })
    expect((await signInAs(username)).status).toBe(200)
  })

  it('ends leftover sessions when repeated, and keeps the time of the first suspension', async () => {
    const { id, username } = await server.addUser()
    const cookie = await server.signIn(username)
    // The state that a suspension leaves if Redis goes down in the middle.
    const suspendedAt = new Date(Date.now() - 60_000)
    await server.users.updateOne({ _id: id }, { suspendedAt, sessionsToEnd: suspendedAt })
    expect(await server.isSignedIn(cookie)).toBe(true)
    const user = await cli.json(['users', 'suspend', username])
    expect(user).toMatchObject({ suspendedAt: suspendedAt.toISOString() })
    expect(await server.isSignedIn(cookie)).toBe(false)
  })
})

describe('users roles', () => {
  it('sets exactly these roles and ends the sessions that hold the old ones', async () => {
    const { username } = await server.addUser({ roles: ['support'] })
    const cookie = await server.signIn(username)
    const changed = await cli.json(['users', 'roles', username, 'editor', 'admin'])
    expect(changed.roles).toEqual(['admin', 'editor'])
    expect(await server.isSignedIn(cookie)).toBe(false)
    const again = await server.signIn(username)
    expect(await answerTo(again)).toMatchObject({ user: { roles: ['admin', 'editor'] } })
  })

  it('changes nothing and ends nothing if the roles are the same', async () => {
    const { username } = await server.addUser({ roles: ['admin', 'editor'] })
    const cookie = await server.signIn(username)
    await cli.json(['users', 'roles', username, 'editor', 'admin'])
    expect(await server.isSignedIn(cookie)).toBe(true)
  })

  it('removes all roles with --none, and requires roles without it', async () => {
    const { username } = await server.addUser({ roles: ['admin'] })
    expect((await cli.run(['users', 'roles', username])).code).toBe(2)
    expect((await cli.run(['users', 'roles', username, 'a b'])).code).toBe(2)
    expect((await cli.json(['users', 'roles', username, '--none'])).roles).toEqual([])
  })
})

describe('users end-sessions', () => {
  it('signs a user out everywhere (R27)', async () => {
    const { username } = await server.addUser()
    const cookie = await server.signIn(username)
    await cli.json(['users', 'end-sessions', username])
    expect(await server.isSignedIn(cookie)).toBe(false)
  })
})

describe('users send-reset', () => {
  it('e-mails the user a link and does not show it (R19)', async () => {
    const { username, email } = await server.addUser()
    const { stdout } = await cli.run(['users', 'send-reset', username])
    expect(stdout).not.toContain('token')
    const mail = await mailTo(server, { to: email, kind: 'reset' })
    expect(mail.data).toMatchObject({ link: { url: expect.stringContaining('/reset?token=') } })
  })
})

describe('users delete', () => {
  it('asks first, and requires --yes without a terminal', async () => {
    const { id, username } = await server.addUser()
    const { code, stderr } = await cli.run(['users', 'delete', username])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')])
    expect(await findUserById(server.users, id)).not.toBeNull()
  })

  it('deletes the account and ends its sessions (R26)', async () => {
    const { id, username } = await server.addUser()
    const cookie = await server.signIn(username)
    await cli.json(['users', 'delete', username, '--yes'])
    expect(await findUserById(server.users, id)).toBeNull()
    expect(await server.isSignedIn(cookie)).toBe(false)
  })
})

describe('a user who is being deleted', () => {
  it.each([['suspend'], ['restore'], ['send-reset'], ['roles', 'support']])(
    'cannot be changed by %s: the command says what to do and records nothing',
    async (command, ...given) => {
      const { id, username } = await server.addUser()
      await beginDeletion(server.users, id)
      const { code, stderr } = await cli.run(['users', command, username, ...given])
      expect([code, stderr]).toEqual([1, expect.stringContaining(`users delete ${username}`)])
      expect(await server.audited({ subjectId: id })).toEqual([])
      expect(await findUserById(server.users, id)).toMatchObject({ suspendedAt: null, outbox: [] })
    },
  )
})

describe('a change on the command line', () => {
  it('is in the audit log without an actor or address', async () => {
    const { id, username } = await server.addUser()
    for (const command of ['suspend', 'restore', 'end-sessions', 'send-reset'])
      await cli.json(['users', command, username])
    for (const role of ['support', 'sales', 'sales'])
      await cli.json(['users', 'roles', username, role])
    await cli.json(['sessions', 'end', username])
    await cli.json(['users', 'delete', username, '--yes'])
    const records = await server.audited({ subjectId: id })
    expect(records.map(({ event }) => event)).toEqual([
      'user_suspended',
      'user_restored',
      'sessions_ended',
      'mail_requested',
      'roles_changed',
      'roles_changed',
      'sessions_ended',
      'account_deleted',
    ])
    expect(records.every(({ actorId, address }) => actorId === null && address === null)).toBe(true)
  })
})
