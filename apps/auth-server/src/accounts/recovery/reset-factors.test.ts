import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { password } from '../../../testing/auth-server.fixture.ts'
import { userWithTotp } from '../../../testing/factors.fixture.ts'
import { allMailsTo } from '../../../testing/mailed-links.fixture.ts'
import { startOperatedServer } from '../../../testing/operated-server.fixture.ts'
import { sessionStatus, userSignedIn } from '../../../testing/signed-in.fixture.ts'

let server: Awaited<ReturnType<typeof startOperatedServer>>
beforeAll(async () => {
  server = await startOperatedServer()
})
afterAll(() => server.close())

async function expectReset({
  user,
  cookie,
}: {
  user: { id: string; username: string; email: string }
  cookie: string
}) {
  expect(await sessionStatus(server, cookie)).toBe(401)
  const signIn = { username: user.username, password }
  await request(server.app).post('/login').send(signIn).expect(200)
  const mails = await allMailsTo(server, user.email, 'factors_changed')
  expect(mails.at(-1)?.data).toMatchObject({
    change: 'factors_reset',
    notMeUrl: expect.stringContaining('/not_me'),
  })
  expect(mails.at(-1)?.data).not.toHaveProperty('address')
  const [event] = await server.audited({ event: 'factors_reset', subjectId: user.id })
  expect(event).toMatchObject({ outcome: 'success' })
}

describe('DELETE /admin/users/:id/factors', () => {
  it('R78 lets a user in who has lost every factor, ends their sessions and sends an e-mail', async () => {
    const admin = await userSignedIn(server, { roles: ['admin'] })
    const lost = await userWithTotp(server)
    const reset = () =>
      request(server.app).delete(`/admin/users/${lost.user.id}/factors`).set('Cookie', admin.cookie)
    await reset().expect(204)
    await expectReset(lost)
    await reset().expect(204)
  })

  it('R78 is for admins, but not for their own account', async () => {
    const somebody = await userSignedIn(server)
    const admin = await userSignedIn(server, { roles: ['admin'] })
    const path = `/admin/users/${admin.user.id}/factors`
    await request(server.app).delete(path).set('Cookie', somebody.cookie).expect(403)
    const own = await request(server.app).delete(path).set('Cookie', admin.cookie).expect(403)
    expect(own.body.code).toBe('own_account')
  })
})

describe('users factors, users reset-factors', () => {
  it('R78 show the factors without a secret, and remove them', async () => {
    const lost = await userWithTotp(server)
    const { username, id } = lost.user
    expect(await server.cli.json(['users', 'factors', username])).toEqual({
      totp: { confirmedAt: expect.any(String) },
      passkeys: [],
      recoveryCodes: { left: 10 },
      required: false,
    })
    expect(await server.cli.json(['users', 'reset-factors', username, '--yes'])).toEqual({ id })
    await expectReset(lost)
  })
})
