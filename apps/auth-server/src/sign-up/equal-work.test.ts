import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../auth-server.fixture.ts'
import { tellApart } from '../http/tell-apart.fixture.ts'
import { createInvite } from '../invitations/create-invite.ts'

const rounds = 60
let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ BCRYPT_COST: '8' })
})
afterAll(() => server.close())

async function timeSignUp(username: string, email: string): Promise<number> {
  const { url } = await createInvite(server, { createdBy: null })
  const invite = new URL(url).searchParams.get('token')
  const body = { username, email, password: 'seven quiet rivers meet', invite }
  const began = performance.now()
  await request(server.app).post('/signup').send(body).expect(202)
  return performance.now() - began
}

describe('POST /signup', () => {
  it('R9 N10 C25 takes as long for an address that has an account as for a new one', async () => {
    const owner = await server.addUser()
    const taken: number[] = []
    const fresh: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? [taken, fresh] : [fresh, taken]
      for (const times of order) {
        const name = `user-${round}-${times === taken ? 'taken' : 'fresh'}`
        const email = times === taken ? owner.email : `${name}@mail.test`
        // One after the other, in turns, so that both meet the same machine.
        // oxlint-disable-next-line no-await-in-loop
        times.push(await timeSignUp(name, email))
      }
    }
    // Without the hash for an address that is taken it would be 0.
    expect(Math.abs(tellApart(taken, fresh) - 0.5)).toBeLessThan(0.2)
  }, 120_000)
})
