import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createSessionStore } from 'auth-kit/session'
import { createLogger } from 'service-kit'
import request from 'supertest'
import { startOwnRedis } from '../../../../../tools/services/own-instances.ts'
import { startTcpProxy } from '../../../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import { cookieOf, password, startTestApp } from '../../../testing/auth-server.fixture.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { sessionStatus, userSignedInTwice } from '../../../testing/signed-in.fixture.ts'
import { findUserById } from '../../users/find-user.ts'
import type { User } from '../../users/user.model.ts'
import { completeChanges } from '../lifecycle/complete-changes.ts'
import { beginDeletion, completeDeletion } from '../lifecycle/delete-user.ts'

let server: Awaited<ReturnType<typeof startTestApp>>

beforeAll(async () => {
  server = await startTestApp({ LIMIT_SIGN_IN_PER_ADDRESS: '1000' })
})
afterAll(() => server.close())

function signIn(username: string) {
  return request(server.app).post('/login').send({ username, password })
}

/** Runs the sweep as if a minute had passed. */
function sweepLater() {
  const store = createSessionStore({ redis: server.redis, prefix: `${server.keyPrefix}sess:` })
  const logger = createLogger({ name: 'sweep', level: 'silent', pretty: false })
  const { users, invites, signIns, factors } = server
  const now = new Date(Date.now() + 60_000)
  return completeChanges({ users, invites, signIns, factors, store, logger }, { now })
}

/** Gives the user an invite that they have used. */
async function giveInvite(user: User): Promise<string> {
  const invite = crypto.randomUUID()
  const times = { expiresAt: new Date(Date.now() + 1e9), createdAt: new Date() }
  await server.invites.create({ _id: invite, tokenHash: invite, ...times })
  const claimed = [{ invite, name: user.username }]
  await server.users.updateOne({ _id: user.id }, { $set: { invite, claimed } })
  return invite
}

describe('DELETE /account', () => {
  it('R26 needs the password, then removes the user and all sessions', async () => {
    const { user, here, elsewhere } = await userSignedInTwice(server)
    const remove = (given: string) =>
      request(server.app).delete('/account').set('Cookie', here).send({ password: given })
    await remove('wrong').expect(401)
    expect(await sessionStatus(server, here)).toBe(200)
    const answer = await remove(password).expect(204)
    expect(answer.headers['set-cookie']?.[0]).toContain('Expires=Thu, 01 Jan 1970')
    expect(await findUserById(server.users, user.id)).toBeNull()
    expect(await sessionStatus(server, here)).toBe(401)
    expect(await sessionStatus(server, elsewhere)).toBe(401)
    await signIn(user.username).expect(401)
  })

  it('frees the name and the address for others', async () => {
    const { user, here } = await userSignedInTwice(server)
    await request(server.app).delete('/account').set('Cookie', here).send({ password }).expect(204)
    const { username, email } = user
    expect((await server.addUser({ username, email })).id).not.toBe(user.id)
  })

  it('does not reopen the invite, which is marked as used', async () => {
    const { user, here } = await userSignedInTwice(server)
    const invite = await giveInvite(user)
    await request(server.app).delete('/account').set('Cookie', here).send({ password }).expect(204)
    const left = await server.invites.findById(invite).lean()
    expect(left).toMatchObject({ usedAt: expect.any(Date), usedBy: user.id })
  })

  it('is for signed-in users', async () => {
    await request(server.app).delete('/account').send({ password }).expect(401)
  })

  it('answers 503 cannot_delete_now while MongoDB is down, and a retry completes it', async () => {
    const mongoUrl = new URL(testMongoUrl())
    const proxy = await startTcpProxy({ url: mongoUrl.href })
    const cut = await startTestApp({ MONGO_URL: `${proxy.url}${mongoUrl.pathname}` })
    try {
      const user = await cut.addUser()
      const login = await request(cut.app)
        .post('/login')
        .send({ ...user, password })
      const remove = (accept: string) =>
        request(cut.app)
          .delete('/account')
          .set({ Cookie: cookieOf(login), Accept: accept })
          .send({ password })
      proxy.hold()
      const answers = await Promise.all([remove('application/json'), remove('text/html')])
      await proxy.heal()
      for (const answer of answers) {
        expect(answer.status).toBe(503)
        expect(answer.text).toContain('cannot_delete_now')
        expect(answer.text).toContain('You cannot delete your account at this time.')
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      }
      await remove('application/json').retry(3)
      expect(await findUserById(cut.users, user.id)).toBeNull()
    } finally {
      await cut.close()
      await proxy.stop()
    }
  })
})

describe('while Redis is down', () => {
  it('DELETE /account alone answers 503 cannot_delete_now', async () => {
    const redis = await startOwnRedis()
    const cut = await startTestApp({}, { redisUrl: redis.url })
    try {
      const user = await cut.addUser()
      const login = await request(cut.app)
        .post('/login')
        .send({ ...user, password })
      redis.pause()
      const ask = async (method: 'delete' | 'post', path: string) => {
        const asked = request(cut.app)[method](path).set('Cookie', cookieOf(login))
        const { status, body } = await asked.send({ password })
        return `${status} ${body.code}`
      }
      expect(await ask('delete', '/account')).toBe('503 cannot_delete_now')
      expect(await ask('post', '/account/delete')).toBe('503 cannot_delete_now')
      const others = [
        ask('post', '/account/totp'),
        ask('delete', '/account/totp'),
        ask('post', '/account/totp/delete'),
        ask('post', '/account/passkeys/options'),
        ask('delete', '/account/passkeys/one'),
        ask('post', '/account/recovery_codes'),
        ask('post', '/change_password'),
      ]
      for (const answer of await Promise.all(others))
        expect(answer).toBe('503 sessions_unavailable')
      redis.resume()
      expect(await findUserById(cut.users, user.id)).not.toBeNull()
    } finally {
      await cut.close()
      await redis.stop()
    }
  })
})

describe('POST /account/delete', () => {
  it('leads from the form to the sign-in page, which shows a notice', async () => {
    const { user, here } = await userSignedInTwice(server)
    const answer = await request(server.app)
      .post('/account/delete')
      .set({ Cookie: here, Accept: 'text/html' })
      .type('form')
      .send({ password })
      .expect(303)
    expect(await findUserById(server.users, user.id)).toBeNull()
    const page = await request(server.app)
      .get(String(answer.headers.location))
      .set('Accept', 'text/html')
    expect(page.text).toContain('Your account is deleted.')
  })

  it('shows the form again if the password is wrong', async () => {
    const { here } = await userSignedInTwice(server)
    const answer = await request(server.app)
      .post('/account/delete')
      .set({ Cookie: here, Accept: 'text/html' })
      .type('form')
      .send({ password: 'wrong' })
      .expect(401)
    expect(answer.text).toContain('Delete my account')
  })
})

describe('an interrupted deletion', () => {
  it('lets nobody sign in, as if the account did not exist', async () => {
    const { user } = await userSignedInTwice(server)
    await beginDeletion(server.users, user.id)
    const gone = await signIn(user.username).expect(401)
    const nobody = await signIn('nobody').expect(401)
    expect(gone.text).toBe(nobody.text)
  })

  it('is completed by a retry with the remaining session', async () => {
    const { user, here } = await userSignedInTwice(server)
    await beginDeletion(server.users, user.id)
    await request(server.app).delete('/account').set('Cookie', here).send({ password }).expect(204)
    expect(await findUserById(server.users, user.id)).toBeNull()
  })

  it('is completed by the sweep: sessions, e-mails, invite and user', async () => {
    const { user, here, elsewhere } = await userSignedInTwice(server)
    const invite = await giveInvite(user)
    await beginDeletion(server.users, user.id)
    await sweepLater()
    expect(await findUserById(server.users, user.id)).toBeNull()
    expect(await sessionStatus(server, here)).toBe(401)
    expect(await sessionStatus(server, elsewhere)).toBe(401)
    expect((await server.invites.findById(invite).lean())?.usedBy).toBe(user.id)
  })

  it('has dropped the unsent e-mails when its last step fails', async () => {
    const { user } = await userSignedInTwice(server)
    const entry = { ...mailEntry({ kind: 'reset', to: user.email }), dueAt: null }
    await server.users.updateOne({ _id: user.id }, { $set: { outbox: [entry] } })
    await beginDeletion(server.users, user.id)
    const store = createSessionStore({ redis: server.redis, prefix: `${server.keyPrefix}sess:` })
    const end = () => Promise.reject(new Error('Redis is gone'))
    const last = { id: 'the session of the request', end }
    const deletion = completeDeletion({ ...server, store }, user, last)
    await expect(deletion).rejects.toThrow('Redis is gone')
    expect((await server.users.findById(user.id).lean())?.outbox).toEqual([])
  })

  it('is left alone by the sweep while it may still be under way', async () => {
    const { user } = await userSignedInTwice(server)
    await beginDeletion(server.users, user.id)
    const { users, invites, signIns, factors } = server
    const store = createSessionStore({ redis: server.redis, prefix: `${server.keyPrefix}sess:` })
    const logger = createLogger({ name: 'sweep', level: 'silent', pretty: false })
    await completeChanges({ users, invites, signIns, factors, store, logger })
    expect(await findUserById(server.users, user.id)).not.toBeNull()
  })

  it('sends no more e-mails', async () => {
    const { user } = await userSignedInTwice(server)
    // An e-mail that waits for a retry.
    const dueAt = new Date(Date.now() + 1000)
    const entry = { ...mailEntry({ kind: 'reset', to: user.email }), dueAt }
    await server.users.updateOne({ emailKey: user.email }, { $push: { outbox: entry } })
    await beginDeletion(server.users, user.id)
    await sweepLater()
    await sleep(1500)
    const sent = server.mails.filter(({ to, kind }) => to === user.email && kind === 'reset')
    expect(sent).toEqual([])
  })
})

describe('the sweep', () => {
  it('R18 ends sessions if the process died right after the change', async () => {
    const { user, here, elsewhere } = await userSignedInTwice(server)
    await server.users.updateOne({ _id: user.id }, { $set: { sessionsToEnd: new Date() } })
    await sweepLater()
    expect(await sessionStatus(server, here)).toBe(401)
    expect(await sessionStatus(server, elsewhere)).toBe(401)
    expect((await findUserById(server.users, user.id))?.sessionsToEnd).toBeNull()
    await signIn(user.username).expect(200)
  })

  it('ends no other sessions', async () => {
    const { here } = await userSignedInTwice(server)
    await sweepLater()
    expect(await sessionStatus(server, here)).toBe(200)
  })
})
