import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { beginDeletion } from '../../accounts/lifecycle/delete-user.ts'
import { password } from '../../../testing/auth-server.fixture.ts'
import { allMailsTo, linkIn, mailTo } from '../../../testing/mailed-links.fixture.ts'
import { userSignedIn } from '../../../testing/signed-in.fixture.ts'
import { findUserById } from '../../users/find-user.ts'
import type { User } from '../../users/user.model.ts'
import { startWithAdmin } from '../../../testing/admins.fixture.ts'

let server: Awaited<ReturnType<typeof startWithAdmin>>

beforeAll(async () => {
  server = await startWithAdmin()
})
afterAll(() => server.close())

function logIn({ username }: Pick<User, 'username'>) {
  return request(server.app).post('/login').send({ username, password })
}

const pageOf = ({ id }: Pick<User, 'id'>) => `/admin/users/${id}`

/** Presses a button and resolves to the notice of the next page. */
async function noticeAfter(path: string, body: object = {}): Promise<string> {
  const { headers } = await server.press(path, body).expect(303)
  const { text } = await server.visit(String(headers.location)).expect(200)
  return /role="status">(.*?)<\/div>/s.exec(text)?.[1] ?? ''
}

describe('GET /admin/users', () => {
  it('finds users by part of a name or e-mail address, in any case', async () => {
    const user = await server.addUser({ username: 'Zoë.Frost', email: 'frost@north.example' })
    for (const search of ['zoë', 'FROST@NORTH', 'north.ex']) {
      // oxlint-disable-next-line no-await-in-loop
      const { text } = await server.visit(`/admin/users?${new URLSearchParams({ search })}`)
      expect(text).toContain(`href="${pageOf(user)}"`)
      expect(text).not.toContain(server.admin.email)
    }
  })

  it('R84 marks names that look alike', async () => {
    await Promise.all(['zebra-1o', 'zebra-lo'].map((username) => server.addUser({ username })))
    const { text } = await server.visit('/admin/users?search=zebra-').expect(200)
    expect(text).toContain('Looks like zebra-lo')
    expect(text).toContain('Looks like zebra-1o')
  })

  it('treats the search as text, not as a pattern (C16)', async () => {
    const { text } = await server.visit('/admin/users?search=.*').expect(200)
    expect(text).toContain('No name or address contains')
    await server.visit('/admin/users?search[$ne]=x').expect(200)
    await server.visit('/admin/users?search=a&search=b').expect(400)
  })

  it('shows a page at a time and each user once, even if one is deleted meanwhile', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `paged-${String(at).padStart(2, '0')}`)
    const added = await Promise.all(names.map((username) => server.addUser({ username })))
    const first = await server.visit('/admin/users?search=paged-')
    const next = /href="([^"]*)" rel="next"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    await server.press(`${pageOf(added[3] ?? server.admin)}/delete`).expect(303)
    const second = await server.visit(next).expect(200)
    const seen = `${first.text}${second.text}`.match(/>paged-\d\d</g)
    expect(seen?.map((name) => name.slice(1, -1))).toEqual(names)
    expect(second.text).not.toContain('rel="next"')
    expect(second.text).toContain('First page')
  })

  it('answers a program with the same as JSON, never with a hash (R42)', async () => {
    const user = await server.addUser()
    const answer = await request(server.app)
      .get('/admin/users')
      .query({ search: user.username })
      .set('Cookie', server.cookie)
      .expect(200)
    expect(answer.body).toMatchObject({ next: null, users: [{ id: user.id, state: 'active' }] })
    expect(answer.text).not.toContain(user.passwordHash)
  })
})

describe('GET /admin/users/:id', () => {
  it('shows the state of the account and its sessions', async () => {
    const { user } = await userSignedIn(server)
    const { text } = await server.visit(pageOf(user)).expect(200)
    for (const shown of [user.username, user.email, 'active', 'Confirmed on', 'Sign out there'])
      expect(text).toContain(shown)
  })

  it('is 404 for an unknown user', async () => {
    await server.visit(`/admin/users/${'0'.repeat(24)}`).expect(404)
    await server.visit('/admin/users/x').expect(404)
  })
})

describe('suspending', () => {
  it('asks first, then ends every session until the account is restored (R12)', async () => {
    const { user, cookie } = await userSignedIn(server)
    const question = await server.visit(`${pageOf(user)}/suspend`).expect(200)
    expect(question.text).toContain(`Suspend ${user.username}?`)
    expect(await server.isSignedIn(cookie)).toBe(true)

    expect(await noticeAfter(`${pageOf(user)}/suspend`)).toContain('suspended')
    expect(await server.isSignedIn(cookie)).toBe(false)
    await logIn(user).expect(403)
    await server.press(`${pageOf(user)}/suspend`).expect(303)

    expect(await noticeAfter(`${pageOf(user)}/restore`)).toContain('restored')
    await logIn(user).expect(200)
  })
})

describe('ending sessions', () => {
  it('R27 ends one session of any user and keeps the others', async () => {
    const { user, cookie } = await userSignedIn(server)
    const other = await server.signIn(user.username)
    const { text } = await server.visit(pageOf(user))
    const [end = ''] = /\/admin\/users\/\w+\/sessions\/[\w-]+\/end/.exec(text) ?? []
    expect((await server.visit(end).expect(200)).text).toContain('Sign out there')
    expect(await noticeAfter(end)).toContain('ended')
    const left = await Promise.all([cookie, other].map((own) => server.isSignedIn(own)))
    expect(left.filter(Boolean)).toHaveLength(1)
    await server.press(end).expect(303)
    await server.visit(end).expect(404)
  })

  it('R27 ends every session of any user', async () => {
    const { user, cookie } = await userSignedIn(server)
    await server.visit(`${pageOf(user)}/end-sessions`).expect(200)
    expect(await noticeAfter(`${pageOf(user)}/end-sessions`)).toContain('signed out everywhere')
    expect(await server.isSignedIn(cookie)).toBe(false)
  })
})

describe('sending a reset', () => {
  it('R19 e-mails the user a link; the password stays until they choose a new one', async () => {
    const { user, cookie } = await userSignedIn(server)
    expect(await noticeAfter(`${pageOf(user)}/send-reset`)).toContain('on its way')
    const mail = await mailTo(server, { to: user.email, kind: 'reset' })
    expect(linkIn(mail).pathname).toBe('/reset')
    expect(await server.isSignedIn(cookie)).toBe(true)
    await logIn(user).expect(200)
  })

  it('sends one e-mail when the button is pressed twice', async () => {
    const user = await server.addUser()
    await noticeAfter(`${pageOf(user)}/send-reset`)
    expect(await noticeAfter(`${pageOf(user)}/send-reset`)).toContain('it was not sent again')
    expect(await allMailsTo(server, user.email)).toHaveLength(1)
  })
})

describe('a user who is being deleted', () => {
  it.each(['suspend', 'restore', 'send-reset', 'roles'])('cannot be changed: %s', async (act) => {
    const user = await server.addUser()
    await beginDeletion(server.users, user.id)
    await server.press(`${pageOf(user)}/${act}`, { roles: 'support' }).expect(404)
    expect(await server.audited({ subjectId: user.id })).toEqual([])
  })
})

describe('changing roles', () => {
  it('replaces the roles and ends the sessions, which hold the old ones', async () => {
    const { user, cookie } = await userSignedIn(server)
    await server.visit(`${pageOf(user)}/roles`).expect(200)
    const notice = await noticeAfter(`${pageOf(user)}/roles`, { roles: 'support, admin' })
    expect(notice).toContain('changed')
    expect((await findUserById(server.users, user.id))?.roles).toEqual(['admin', 'support'])
    expect(await server.isSignedIn(cookie)).toBe(false)
  })

  it('removes all roles when the field is empty, and says when nothing changes', async () => {
    const user = await server.addUser({ roles: ['support'] })
    expect(await noticeAfter(`${pageOf(user)}/roles`, { roles: ' ' })).toContain('changed')
    expect(await noticeAfter(`${pageOf(user)}/roles`, { roles: '' })).toContain('already')
  })

  it('shows an invalid role in the form', async () => {
    const user = await server.addUser()
    const { text } = await server.press(`${pageOf(user)}/roles`, { roles: 'ok <b>' }).expect(400)
    expect(text).toContain('value="ok &lt;b&gt;"')
    expect(text).toContain('id="roles-error"')
    expect((await findUserById(server.users, user.id))?.roles).toEqual([])
  })
})

describe('deleting', () => {
  it('asks first, then deletes the user and their sessions; deleting again is fine', async () => {
    const { user, cookie } = await userSignedIn(server)
    const { text } = await server.visit(`${pageOf(user)}/delete`).expect(200)
    expect(text).toContain('cannot be undone')
    expect(await noticeAfter(`${pageOf(user)}/delete`)).toContain('deleted')
    expect(await findUserById(server.users, user.id)).toBeNull()
    expect(await server.isSignedIn(cookie)).toBe(false)
    await server.press(`${pageOf(user)}/delete`).expect(303)
  })
})

describe('an admin’s own account', () => {
  it.each(['suspend', 'delete'])('refuses the action: %s', async (act) => {
    await server.visit(`${pageOf(server.admin)}/${act}`).expect(403)
    const { text } = await server.press(`${pageOf(server.admin)}/${act}`).expect(403)
    expect(text).toContain('own_account')
    expect(await server.isSignedIn(server.cookie)).toBe(true)
  })

  it('keeps the role admin', async () => {
    const { text } = await server.press(`${pageOf(server.admin)}/roles`, { roles: 'x' }).expect(403)
    expect(text).toContain('your own account')
    expect((await findUserById(server.users, server.admin.id))?.roles).toEqual(['admin'])
  })

  it('has no buttons for refused actions', async () => {
    const { text } = await server.visit(pageOf(server.admin)).expect(200)
    expect(text).not.toMatch(/\/(suspend|delete)"/)
    expect(text).toContain('This session')
  })
})

describe('an admin’s change', () => {
  it('is in the audit log with who made it and to whom', async () => {
    const user = await server.addUser()
    const session = await server.signIn(user.username).then(() => server.visit(pageOf(user)))
    const [end = ''] = /\/admin\/users\/\w+\/sessions\/[\w-]+\/end/.exec(session.text) ?? []
    await server.press(end)
    await server.press(`${pageOf(user)}/roles`, { roles: 'support' })
    for (const act of ['end-sessions', 'send-reset', 'suspend', 'restore', 'delete'])
      // oxlint-disable-next-line no-await-in-loop
      await server.press(`${pageOf(user)}/${act}`).expect(303)
    const events = await server.audited({ subjectId: user.id, actorId: server.admin.id })
    expect(events.map(({ event }) => event)).toEqual([
      'sessions_ended',
      'roles_changed',
      'sessions_ended',
      'mail_requested',
      'user_suspended',
      'user_restored',
      'account_deleted',
    ])
  })
})

describe('every button', () => {
  it.each(['suspend', 'restore', 'end-sessions', 'send-reset', 'roles', 'delete'])(
    'R32 refuses a post from another site: %s',
    async (act) => {
      const { user, cookie } = await userSignedIn(server)
      const path = `${pageOf(user)}/${act}`
      await server.press(path).set('Origin', 'https://evil.example').expect(403)
      expect(await server.isSignedIn(cookie)).toBe(true)
    },
  )

  it.each(['suspend', 'end-sessions', 'delete', 'roles'])(
    'R34 does nothing on a mere visit: %s',
    async (act) => {
      const { user, cookie } = await userSignedIn(server)
      await server.visit(`${pageOf(user)}/${act}`).expect(200)
      expect(await server.isSignedIn(cookie)).toBe(true)
      expect(await findUserById(server.users, user.id)).toMatchObject({ suspendedAt: null })
    },
  )

  it('is for admins only', async () => {
    const { user, cookie } = await userSignedIn(server)
    const post = request(server.app).post(`${pageOf(server.admin)}/suspend`)
    await post.set('Cookie', cookie).send({}).expect(403)
    await request(server.app)
      .post(`${pageOf(user)}/suspend`)
      .send({})
      .expect(401)
  })

  it('answers a program with 204', async () => {
    const { user } = await userSignedIn(server)
    const post = request(server.app)
      .post(`${pageOf(user)}/roles`)
      .set('Cookie', server.cookie)
    await post.send({ roles: ['support'] }).expect(204)
  })
})
