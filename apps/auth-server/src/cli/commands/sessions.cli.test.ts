import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOperatedServer } from '../../../testing/operated-server.fixture.ts'

let server: Awaited<ReturnType<typeof startOperatedServer>>
beforeAll(async () => {
  server = await startOperatedServer()
})
afterAll(() => server.close())

describe('sessions list', () => {
  it('shows the sessions of a user, without the ids of cookies', async () => {
    const { id, username } = await server.addUser()
    const cookie = await server.signIn(username)
    const { userId, sessions } = await server.cli.json(['sessions', 'list', username])
    expect(userId).toBe(id)
    expect(sessions).toEqual([
      {
        id: expect.any(String),
        device: 'An unknown device',
        address: '127.0.0.1',
        signedInAt: expect.any(String),
        lastUsedAt: expect.any(String),
        endsAt: expect.any(String),
      },
    ])
    expect(decodeURIComponent(cookie)).not.toContain(sessions[0].id)
  })
})

describe('sessions end --session', () => {
  it('ends that session with its tokens and no other (R27)', async () => {
    const { id, username } = await server.addUser()
    const cookies = [await server.signIn(username), await server.signIn(username)]
    const { sessions } = await server.cli.json(['sessions', 'list', username])
    const args = ['sessions', 'end', username, '--session', sessions[0].id]
    expect(await server.cli.json(args)).toEqual({ userId: id, session: sessions[0].id })
    const states = await Promise.all(cookies.map(server.isSignedIn))
    expect([states.includes(true), states.includes(false)]).toEqual([true, true])
    const [record] = await server.audited({ event: 'sessions_ended', subjectId: id })
    expect(record).toMatchObject({ details: { sessions: 'one' }, actorId: null })
    const left = await server.cli.json(['sessions', 'list', username])
    expect(left.sessions).toEqual([sessions[1]])
  })

  it('fails for an unknown session or without a user', async () => {
    const { username } = await server.addUser()
    const { code, stderr } = await server.cli.run(['sessions', 'end', username, '--session', 'x'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('sessions list')])
    expect((await server.cli.run(['sessions', 'end', '--session', 'x'])).code).toBe(2)
  })
})

describe('sessions end', () => {
  it('ends every session of the user and nobody else’s (R27)', async () => {
    const [ada, bob] = [await server.addUser(), await server.addUser()]
    const cookies = [await server.signIn(ada.username), await server.signIn(ada.username)]
    const other = await server.signIn(bob.username)
    await server.cli.json(['sessions', 'end', ada.email])
    expect(await Promise.all(cookies.map(server.isSignedIn))).toEqual([false, false])
    expect(await server.isSignedIn(other)).toBe(true)
  })

  it('requires either a user or --all', async () => {
    expect((await server.cli.run(['sessions', 'end'])).code).toBe(2)
    expect((await server.cli.run(['sessions', 'end', 'ada', '--all', '--yes'])).code).toBe(2)
  })
})

describe('sessions end --all', () => {
  it('asks first, and requires --yes without a terminal', async () => {
    const cookie = await server.signIn((await server.addUser()).username)
    const { code, stderr } = await server.cli.run(['sessions', 'end', '--all'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')])
    expect(await server.isSignedIn(cookie)).toBe(true)
  })

  it('does not ask with --json', async () => {
    const cookie = await server.signIn((await server.addUser()).username)
    await server.cli.json(['sessions', 'end', '--all'])
    expect(await server.isSignedIn(cookie)).toBe(false)
  })
})
