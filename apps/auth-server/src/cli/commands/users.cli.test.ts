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

  it('takes a search as it is written', async () => {
    expect(names(await cli.json(['users', 'list', '--search', '.*']))).toEqual([])
  })

  function names({ users }: { users: { username: string }[] }): string[] {
    return users.map(({ username }) => username)
  }
})

describe('users show', () => {
  it('finds a user by name, address or id', async () => {
    const { id, username, email } = await server.addUser()
    for (const text of [username, email.toUpperCase(), id])
      expect(await cli.json(['users', 'show', text])).toMatchObject({ id, state: 'active' })
  })
})

describe('users suspend', () => {
  it('ends every session at once and lets nobody in until users restore (R26)', async () => {
    const { username } = await server.addUser()
    const cookies = [await server.signIn(username), await server.signIn(username)]
    expect(await cli.json(['users', 'suspend', username])).toMatchObject({ state: 'suspended' })
    expect(await Promise.all(cookies.map(server.isSignedIn))).toEqual([false, false])
    expect((await signInAs(username)).body.code).toBe('account_suspended')

    expect(await cli.json(['users', 'restore', username])).toMatchObject({ state: 'active' })
    expect((await signInAs(username)).status).toBe(200)
  })

  it('ends what a second one finds, and keeps the moment of the first', async () => {
    const { id, username } = await server.addUser()
    const cookie = await server.signIn(username)
    // As the first one leaves it that Redis goes away from.
    const suspendedAt = new Date(Date.now() - 60_000)
    await server.users.updateOne({ _id: id }, { suspendedAt, sessionsToEnd: suspendedAt })
    expect(await server.isSignedIn(cookie)).toBe(true)
    const told = await cli.json(['users', 'suspend', username])
    expect(told).toMatchObject({ suspendedAt: suspendedAt.toISOString() })
    expect(await server.isSignedIn(cookie)).toBe(false)
  })
})

describe('users roles', () => {
  it('gives exactly these roles, and ends sessions that hold the old ones', async () => {
    const { username } = await server.addUser({ roles: ['support'] })
    const cookie = await server.signIn(username)
    const changed = await cli.json(['users', 'roles', username, 'editor', 'admin'])
    expect(changed.roles).toEqual(['admin', 'editor'])
    expect(await server.isSignedIn(cookie)).toBe(false)
    const again = await server.signIn(username)
    expect(await answerTo(again)).toMatchObject({ user: { roles: ['admin', 'editor'] } })
  })

  it('the same again change nothing and end nothing', async () => {
    const { username } = await server.addUser({ roles: ['admin', 'editor'] })
    const cookie = await server.signIn(username)
    await cli.json(['users', 'roles', username, 'editor', 'admin'])
    expect(await server.isSignedIn(cookie)).toBe(true)
  })

  it('takes all away with --none, and asks which where none is named', async () => {
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
  it('mails the user a link, and shows it to nobody (R19)', async () => {
    const { username, email } = await server.addUser()
    const { stdout } = await cli.run(['users', 'send-reset', username])
    expect(stdout).not.toContain('token')
    const mail = await mailTo(server, { to: email, kind: 'reset' })
    expect(mail.data).toMatchObject({ link: { url: expect.stringContaining('/reset?token=') } })
  })
})

describe('users delete', () => {
  it('asks first: without a terminal it wants --yes', async () => {
    const { id, username } = await server.addUser()
    const { code, stderr } = await cli.run(['users', 'delete', username])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')])
    expect(await findUserById(server.users, id)).not.toBeNull()
  })

  it('deletes the account, and ends its sessions (R26)', async () => {
    const { id, username } = await server.addUser()
    const cookie = await server.signIn(username)
    await cli.json(['users', 'delete', username, '--yes'])
    expect(await findUserById(server.users, id)).toBeNull()
    expect(await server.isSignedIn(cookie)).toBe(false)
  })
})

describe('a user who is being deleted', () => {
  it.each([['suspend'], ['restore'], ['send-reset'], ['roles', 'support']])(
    'is not changed by %s: it fails, says what to do, and is not in the audit log',
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

describe('what is done on the command line', () => {
  it('is in the audit log, done by nobody from nowhere', async () => {
    const { id, username } = await server.addUser()
    for (const command of ['suspend', 'restore', 'end-sessions', 'send-reset'])
      await cli.json(['users', command, username])
    for (const role of ['support', 'sales', 'sales'])
      await cli.json(['users', 'roles', username, role])
    await cli.json(['sessions', 'end', username])
    await cli.json(['users', 'delete', username, '--yes'])
    const told = await server.audited({ subjectId: id })
    expect(told.map(({ event }) => event)).toEqual([
      'user_suspended',
      'user_restored',
      'sessions_ended',
      'mail_requested',
      'roles_changed',
      'roles_changed',
      'sessions_ended',
      'account_deleted',
    ])
    expect(told.every(({ actorId, address }) => actorId === null && address === null)).toBe(true)
  })
})
