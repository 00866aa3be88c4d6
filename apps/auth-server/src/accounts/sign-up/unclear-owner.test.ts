import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'
import { allMailsTo } from '../../../testing/mailed-links.fixture.ts'

let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp()
})
afterAll(() => server.close())

const me = { username: 'ada', email: 'ada@mail.test', password: 'seven quiet rivers meet' }

function signUp(body: object) {
  return request(server.app).post('/signup').send(body)
}

describe('POST /signup with an address of an uncertain owner', () => {
  it('leaves no password valid if another sign-up with the address was never confirmed', async () => {
    const stranger = { ...me, username: 'stranger', password: 'eleven words nobody else knows' }
    await signUp({ ...stranger, invite: (await newInvite(server)).token }).expect(202)
    await signUp({ ...me, invite: (await newInvite(server)).token }).expect(202)
    const mails = await allMailsTo(server, me.email)
    await server.users.updateOne({ emailKey: me.email }, { $set: { verifiedAt: new Date() } })
    const signIn = (given: string) =>
      request(server.app).post('/login').send({ username: me.email, password: given })
    await signIn(stranger.password).expect(401)
    await signIn(me.password).expect(401)
    expect(mails.map(({ kind }) => kind)).toEqual(['confirm', 'reset'])
  })

  it('answers 503 while that account is being deleted, and does not use the invite', async () => {
    const owner = await server.addUser()
    await server.users.updateOne({ emailKey: owner.emailKey }, { $set: { deletingAt: new Date() } })
    const { token } = await newInvite(server)
    const answer = await signUp({
      ...me,
      username: 'grace',
      email: owner.email,
      invite: token,
    }).expect(503)
    expect(answer.headers['retry-after']).toBeDefined()
    await server.users.deleteOne({ emailKey: owner.emailKey })
    await signUp({ ...me, username: 'grace', email: owner.email, invite: token }).expect(202)
  })
})
