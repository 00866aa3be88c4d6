import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { noteCommands, watched } from '../../../testing/watched-commands.fixture.ts'
import { tellApart } from '../../../testing/tell-apart.fixture.ts'
import { openEnv } from '../../../testing/open-sign-up.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'

const rounds = Number(process.env.TIMING_ROUNDS ?? 60)
const password = 'seven quiet rivers meet'
let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ BCRYPT_COST: '8', MONGO_URL: `${testMongoUrl()}?${watched}` })
})
afterAll(() => server.close())

async function timeSignUp(username: string, email: string): Promise<number> {
  const { token: invite } = await newInvite(server)
  const body = { username, email, password, invite }
  const began = performance.now()
  await request(server.app).post('/signup').send(body).expect(202)
  return performance.now() - began
}

describe('POST /signup', () => {
  it('R9 C25 sends MongoDB the same commands for a taken and a new address, except for one write', async () => {
    const owner = await server.addUser()
    const { app, answered } = noteCommands(server.bareApp, server.users.db)
    for (const email of [owner.email, 'stranger@mail.test']) {
      // oxlint-disable-next-line no-await-in-loop
      const { token: invite } = await newInvite(server)
      const body = { username: `for-${email.split('@')[0]}`, email, password, invite }
      // oxlint-disable-next-line no-await-in-loop
      await request(app).post('/signup').send(body).expect(202)
    }
    // Later commands come from the relay.
    const [taken = [], fresh = []] = answered.map((commands) =>
      commands.slice(0, commands.lastIndexOf('update invites') + 1),
    )
    expect(taken).toContain('update users')
    expect(fresh.map((command) => command.replace(/^insert users .*/, 'update users'))).toEqual(
      taken,
    )
  })

  it('R9 N10 C25 takes as long for a taken address as for a new one', async () => {
    const taken: number[] = []
    const fresh: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const owner = await server.addUser()
      const order = round % 2 === 0 ? [taken, fresh] : [fresh, taken]
      for (const times of order) {
        const name = `user-${round}-${times === taken ? 'taken' : 'fresh'}`
        const email = times === taken ? owner.email : `${name}@mail.test`
        // One at a time and in turns, so that both run under the same conditions.
        // oxlint-disable-next-line no-await-in-loop
        times.push(await timeSignUp(name, email))
      }
      // Stored documents must not slow the next round down.
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([server.invites.deleteMany({}), server.users.deleteMany({})])
    }
    const auc = tellApart(taken, fresh)
    if (process.env.TIMING_ROUNDS) process.stderr.write(`/signup: AUC ${auc.toFixed(3)}\n`)
    // Without the hash for a taken address it would be 0.
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.2)
  }, 300_000)
})

describe('POST /signup without an invite', () => {
  let open: typeof server
  let count = 0
  beforeAll(async () => {
    open = await startTestApp({
      ...openEnv,
      BCRYPT_COST: '8',
      MONGO_URL: `${testMongoUrl()}?${watched}`,
    })
  })
  afterAll(() => open.close())

  async function timeOpenSignUp(email: string): Promise<number> {
    count += 1
    const began = performance.now()
    await request(open.app)
      .post('/signup')
      .send({ username: `open-${count}`, email, password })
      .expect(202)
    return performance.now() - began
  }

  it('R9 C25 sends MongoDB the very same commands for a taken and a new address', async () => {
    const owner = await open.addUser()
    const { app, answered } = noteCommands(open.bareApp, open.users.db)
    for (const email of [owner.email, 'stranger@mail.test']) {
      const body = { username: `for-${email.split('@')[0]}`, email, password }
      // oxlint-disable-next-line no-await-in-loop
      await request(app).post('/signup').send(body).expect(202)
    }
    // Later commands come from the relay.
    const [taken = [], fresh = []] = answered.map((commands) =>
      commands.slice(0, commands.findIndex((text) => text.startsWith('insert reservations')) + 1),
    )
    expect(taken.length).toBeGreaterThan(3)
    expect(fresh).toEqual(taken)
  })

  it('R9 N10 C25 takes as long for a taken address as for a new one', async () => {
    const taken: number[] = []
    const fresh: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const owner = await open.addUser()
      const order = round % 2 === 0 ? [taken, fresh] : [fresh, taken]
      for (const times of order) {
        const email = times === taken ? owner.email : `fresh-${round}@mail.test`
        // oxlint-disable-next-line no-await-in-loop
        times.push(await timeOpenSignUp(email))
      }
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([open.reservations.deleteMany({}), open.users.deleteMany({})])
    }
    const auc = tellApart(taken, fresh)
    if (process.env.TIMING_ROUNDS) process.stderr.write(`/signup, open: AUC ${auc.toFixed(3)}\n`)
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.2)
  }, 300_000)
})
