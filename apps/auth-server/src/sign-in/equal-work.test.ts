import { afterAll, beforeAll, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../../testing/auth-server.fixture.ts'
import { tellApart } from '../../testing/tell-apart.fixture.ts'

const rounds = Number(process.env.TIMING_ROUNDS ?? 60)
let server: Awaited<ReturnType<typeof startTestApp>>
const logins: Record<string, string> = { unknown: 'nobody' }
beforeAll(async () => {
  const many = '1000000'
  server = await startTestApp({
    BCRYPT_COST: '8',
    LIMIT_SIGN_IN_PER_ADDRESS: many,
    LIMIT_SIGN_IN_PER_ACCOUNT: many,
  })
  const suspended = await server.addUser()
  await server.users.updateOne({ _id: suspended.id }, { $set: { suspendedAt: new Date() } })
  logins.known = (await server.addUser()).username
  logins.unconfirmed = (await server.addUser({ verifiedAt: null })).username
  logins.suspended = suspended.username
})
afterAll(() => server.close())

async function timeSignIn(login: string): Promise<number> {
  const body = { username: login, password: 'a wrong one, for all of them' }
  const began = performance.now()
  await request(server.bareApp).post('/login').send(body).expect(401)
  return performance.now() - began
}

it('R9 N10 POST /login with a wrong password takes as long for an unknown name as for any account', async () => {
  const kinds = Object.keys(logins)
  const times = Object.fromEntries(kinds.map((kind): [string, number[]] => [kind, []]))
  for (let round = 0; round < rounds; round += 1) {
    const first = round % kinds.length
    const turns = [...kinds.slice(first), ...kinds.slice(0, first)]
    for (const kind of round % 2 === 0 ? turns : turns.toReversed()) {
      // In turns, so that all kinds meet the same load.
      // oxlint-disable-next-line no-await-in-loop
      const time = await timeSignIn(logins[kind] ?? '')
      times[kind]?.push(time)
    }
    // Stored records must not slow down the next round.
    // oxlint-disable-next-line no-await-in-loop
    await server.auditRecords.deleteMany({})
  }
  const { unknown = [], ...others } = times
  for (const [kind, ones] of Object.entries(others)) {
    const auc = tellApart(ones, unknown)
    if (process.env.TIMING_ROUNDS) process.stderr.write(`/login, ${kind}: AUC ${auc.toFixed(3)}\n`)
    // A loose bound: without the hash for unknown names the AUC would be 1, and a database that scans
    // finds the first account sooner than the last. TIMING_ROUNDS prints the figure.
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.25)
  }
}, 300_000)
