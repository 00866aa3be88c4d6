import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Express } from 'express'
import request from 'supertest'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { newInvite } from '../../../testing/invites.fixture.ts'

const limit = 5
let server: Awaited<ReturnType<typeof startTestApp>>
let second: typeof server
let count = 0

beforeAll(async () => {
  const env = { LIMIT_SIGN_UP_PER_ADDRESS: String(limit), TRUST_PROXY: '1' }
  server = await startTestApp(env)
  second = await startTestApp(env, { beside: server })
})
afterAll(async () => {
  await second.close()
  await server.close()
})

const freshAddress = () => `198.51.100.${(count += 1)}`

function attempt(app: Express, from: string, invite = 'never') {
  count += 1
  const person = { username: `user-${count}`, email: `user-${count}@mail.test` }
  const body = { ...person, password: 'seven quiet rivers meet', invite }
  return request(app).post('/signup').set('X-Forwarded-For', from).send(body)
}

async function useUp(from: () => string, app = server.app): Promise<void> {
  for (let time = 0; time < limit; time += 1)
    // oxlint-disable-next-line no-await-in-loop
    await attempt(app, from()).expect(410)
}

describe('LIMIT_SIGN_UP_PER_ADDRESS', () => {
  it('limits sign-ups with an invalid invite from one address', async () => {
    const from = freshAddress()
    await useUp(() => from)
    const answer = await attempt(server.app, from).expect(429)
    expect(answer.body.code).toBe('too_many_attempts')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    await attempt(server.app, freshAddress()).expect(410)
  })

  it('holds for concurrent sign-ups', async () => {
    const from = freshAddress()
    const answers = await Promise.all(Array.from({ length: 30 }, () => attempt(server.app, from)))
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(limit)
  })

  it('counts across two servers', async () => {
    const from = freshAddress()
    await useUp(() => from, second.app)
    await attempt(server.app, from).expect(429)
  })

  it('C17 ignores a forwarded address that the proxy did not write', async () => {
    const from = freshAddress()
    await useUp(() => `${freshAddress()}, ${from}`)
    await attempt(server.app, `203.0.113.9, ${from}`).expect(429)
  })

  it('C17 counts an IPv6 /64 as one address, and an IPv4 address written as IPv6 as IPv4', async () => {
    const network = `2001:db8:0:${(count += 1)}`
    await useUp(() => `${network}::${(count += 1)}`)
    await attempt(server.app, `${network}:ffff::1`).expect(429)
    const from = freshAddress()
    await useUp(() => from)
    await attempt(server.app, `::ffff:${from}`).expect(429)
  })

  it('does not count accepted sign-ups', async () => {
    const from = freshAddress()
    for (let time = 0; time < limit + 2; time += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { token } = await newInvite(server)
      // oxlint-disable-next-line no-await-in-loop
      await attempt(server.app, from, token).expect(202)
    }
  })
})
