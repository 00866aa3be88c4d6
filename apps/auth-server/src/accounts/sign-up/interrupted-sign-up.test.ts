import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'
import { markInviteUsed } from '../invitations/mark-invite-used.ts'
import { mailIdsTo } from '../../../testing/mailed-links.fixture.ts'
import { openEnv, startOpenServer } from '../../../testing/open-sign-up.fixture.ts'
import { startBehindProxy } from '../../../testing/behind-proxy.fixture.ts'
import { createSignUpLocks } from './sign-up-locks.ts'

const password = 'seven quiet rivers meet'
let server: Awaited<ReturnType<typeof startTestApp>>
let behind: Awaited<ReturnType<typeof startBehindProxy>>
let count = 0

beforeAll(async () => {
  server = await startTestApp({ LIMIT_SIGN_UP_PER_ADDRESS: '1000' })
  behind = await startBehindProxy(server)
})
afterAll(async () => {
  await behind.close()
  await server.close()
})

function somebody() {
  count += 1
  return { username: `user-${count}`, email: `user-${count}@mail.test`, password }
}

function signUp(body: object, app = server.app) {
  return request(app).post('/signup').send(body)
}

/** How many e-mails of that kind went to that address, from any server. */
async function countMails(to: string, kind: 'confirm' | 'reset'): Promise<number> {
  return (await mailIdsTo([server, behind], { to, kind })).size
}

/** The status of a sign-up during which MongoDB goes down after so many ms. */
async function answerWithCut(body: object, ms: number): Promise<number> {
  const answer = signUp(body, behind.app).then(({ status }) => status)
  await sleep(ms)
  behind.proxy.cut()
  await behind.proxy.refuse()
  const status = await answer
  await behind.proxy.heal()
  return status
}

// The state that a server leaves behind if it dies right after the write.
async function clearUse(id: string): Promise<void> {
  await server.invites.updateOne({ _id: id }, { $set: { usedAt: null, usedBy: null } })
}

describe('a sign-up whose server died', () => {
  it('after it stored the user is complete: the invite is used, and a retry does nothing', async () => {
    const { id, token } = await newInvite(server)
    const me = somebody()
    await signUp({ ...me, invite: token }).expect(202)
    await clearUse(id)
    await signUp({ ...somebody(), invite: token }).expect(410)
    await signUp({ ...me, invite: token }).expect(202)
    expect(await countMails(me.email, 'confirm')).toBe(1)
  })

  it('after it changed the owner of the address is complete, too', async () => {
    const owner = await server.addUser()
    const { id, token } = await newInvite(server)
    const me = { ...somebody(), email: owner.email }
    await signUp({ ...me, invite: token }).expect(202)
    await clearUse(id)
    await signUp({ ...somebody(), invite: token }).expect(410)
    await signUp({ ...me, invite: token }).expect(202)
    expect(await countMails(owner.email, 'reset')).toBe(1)
  })

  it("before it changed the owner has only marked the owner's old invite, and a retry completes it", async () => {
    const first = await newInvite(server)
    const owner = somebody()
    await signUp({ ...owner, invite: first.token }).expect(202)
    const user = await server.users.findOne({ usernameKey: owner.username })
    await markInviteUsed(server.invites, { invite: first.id, usedBy: String(user?.id) })
    const second = await newInvite(server)
    await signUp({ ...somebody(), email: owner.email, invite: second.token }).expect(202)
    expect(await countMails(owner.email, 'reset')).toBe(1)
    await signUp({ ...somebody(), invite: second.token }).expect(410)
  })

  it('blocks nobody for long, because the locks expire', async () => {
    const { id, token } = await newInvite(server)
    const me = somebody()
    const { username, email } = me
    const locks = createSignUpLocks(server.redis, server.keyPrefix)
    await locks.acquire({ invite: id, username, email })
    await signUp({ ...me, invite: token }).expect(202)
    expect(await countMails(email, 'confirm')).toBe(1)
  })
})

describe('a sign-up while a store is down', () => {
  it('F7 answers 503 without MongoDB, at any step, and a retry leaves exactly one user', async () => {
    for (const ms of [0, 4, 8, 16, 24]) {
      // oxlint-disable no-await-in-loop
      const body = { ...somebody(), invite: (await newInvite(server)).token }
      expect([202, 503]).toContain(await answerWithCut(body, ms))
      await signUp(body).expect(202)
      expect(await server.users.find({ emailKey: body.email }).lean()).toHaveLength(1)
      expect(await countMails(body.email, 'confirm')).toBe(1)
    }
  }, 60_000)

  it('R62 answers 503 without Redis, and writes nothing', async () => {
    const { token } = await newInvite(server)
    const cut = await startTestApp({}, { redisUrl: 'redis://127.0.0.1:1', beside: server })
    const body = { ...somebody(), invite: token }
    expect((await signUp(body, cut.app)).status).toBe(503)
    expect(await server.users.find({ emailKey: body.email }).lean()).toEqual([])
    await cut.close()
    await signUp(body).expect(202)
  })
})

describe('a sign-up without an invite while a store is down', () => {
  let open: Awaited<ReturnType<typeof startOpenServer>>
  let openBehind: typeof behind
  beforeAll(async () => {
    open = await startOpenServer()
    openBehind = await startBehindProxy(open, openEnv)
  })
  afterAll(async () => {
    await openBehind.close()
    await open.close()
  })

  it('F7 F13 answers 503 without MongoDB, at any step, and a retry leaves one e-mail', async () => {
    for (const ms of [0, 4, 8, 16, 24]) {
      const body = somebody()
      const answer = signUp(body, openBehind.app).then(({ status }) => status)
      // oxlint-disable no-await-in-loop
      await sleep(ms)
      openBehind.proxy.cut()
      await openBehind.proxy.refuse()
      const status = await answer
      await openBehind.proxy.heal()
      expect([202, 503]).toContain(status)
      await signUp(body, open.app).expect(202)
      const kept = await open.reservations.find({ emailKey: body.email }).lean()
      expect(kept).toHaveLength(1)
      const waiting = kept.flatMap(({ outbox }) => outbox)
      const sent = [...open.mails, ...openBehind.mails].filter(({ to }) => to === body.email)
      expect(new Set([...waiting, ...sent].map(({ id }) => id)).size).toBe(1)
    }
  }, 60_000)

  it('F7 makes one user if MongoDB goes down while the mailbox confirms', async () => {
    for (const ms of [0, 8, 16]) {
      const me = somebody()
      const token = await open.signedUp(me)
      const confirm = (app: typeof open.app) =>
        request(app).post('/confirm_account').send({ token, password })
      const answer = confirm(openBehind.app).then(({ status }) => status)
      await sleep(ms)
      openBehind.proxy.cut()
      await openBehind.proxy.refuse()
      const status = await answer
      await openBehind.proxy.heal()
      expect([200, 503]).toContain(status)
      await confirm(open.app).expect(200)
      expect(await open.usersWith(me.email)).toHaveLength(1)
    }
  }, 60_000)
})
