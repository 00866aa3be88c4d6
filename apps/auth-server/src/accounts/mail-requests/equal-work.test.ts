import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { testMongoUrl } from '../../../../../tools/testing/test-services.ts'
import { startTestApp } from '../../../testing/auth-server.fixture.ts'
import { tellApart } from '../../../testing/tell-apart.fixture.ts'
import { noteCommands, watched } from '../../../testing/watched-commands.fixture.ts'

const rounds = Number(process.env.TIMING_ROUNDS ?? 100)
let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  const env = { LIMIT_MAIL_PER_ADDRESS: '1000000', MONGO_URL: `${testMongoUrl()}?${watched}` }
  server = await startTestApp(env)
})
afterAll(() => server.close())

const stranger = () => `${randomUUID()}@example.com`

async function time(path: string, email: string): Promise<number> {
  const began = performance.now()
  await request(server.bareApp).post(path).send({ email }).expect(202)
  return performance.now() - began
}

/** Times of requests for addresses with and without an account, in turns. */
async function timesOf(path: string): Promise<{ known: number[]; unknown: number[] }> {
  const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] }
  for (let round = 0; round < rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const { email } = await server.addUser({ verifiedAt: null })
    const both = [
      ['known', email],
      ['unknown', stranger()],
    ] as const
    for (const [kind, address] of round % 2 === 0 ? both : both.toReversed())
      // One at a time, so that both run under the same conditions.
      // oxlint-disable-next-line no-await-in-loop
      times[kind].push(await time(path, address))
    // Stored documents must not slow the next round down.
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all([server.users.deleteMany({}), server.mailRequests.deleteMany({})])
  }
  return times
}

describe.each(['/forgot_password', '/resend_confirmation'])('POST %s', (path) => {
  it('R9 C25 sends MongoDB the same commands for any address before it answers', async () => {
    const { app, answered } = noteCommands(server.bareApp, server.users.db)
    const accounts = [
      await server.addUser(),
      await server.addUser({ verifiedAt: null }),
      await server.addUser({ verifiedAt: null }),
    ]
    const [, , leaving] = accounts
    await server.users.updateOne(
      { emailKey: leaving?.emailKey ?? '' },
      { $set: { deletingAt: new Date() } },
    )
    for (const email of [...accounts.map((user) => user.email), stranger()])
      // oxlint-disable-next-line no-await-in-loop
      await request(app).post(path).send({ email }).expect(202)
    const alike = ['insert mail_requests _id kind emailKey at dueAt']
    expect(answered).toEqual([alike, alike, alike, alike])
  })

  it('R9 N10 C25 takes as long for an address without an account as for one with an account', async () => {
    const { known, unknown } = await timesOf(path)
    const auc = tellApart(known, unknown)
    if (process.env.TIMING_ROUNDS) process.stderr.write(`${path}: AUC ${auc.toFixed(3)}\n`)
    // Loose, because other tests run beside it. TIMING_ROUNDS prints the exact figure.
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.15)
  }, 300_000)
})
