import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startTestApp } from '../auth-server.fixture.ts'
import { tellApart } from '../http/tell-apart.fixture.ts'

const rounds = Number(process.env.TIMING_ROUNDS ?? 100)
let server: Awaited<ReturnType<typeof startTestApp>>
beforeAll(async () => {
  server = await startTestApp({ LIMIT_MAIL_PER_ADDRESS: '1000000' })
})
afterAll(() => server.close())

async function time(path: string, email: string): Promise<number> {
  const began = performance.now()
  await request(server.app).post(path).send({ email }).expect(202)
  return performance.now() - began
}

const stranger = () => `${randomUUID()}@example.com`

describe.each(['/forgot_password', '/resend_confirmation'])('POST %s', (path) => {
  it('R9 N10 C25 takes as long for an address without an account as for one with', async () => {
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      // One after the other, in turns, so that both meet the same machine.
      // oxlint-disable-next-line no-await-in-loop
      const { email } = await server.addUser({ verifiedAt: null })
      const kinds: [string, number[]][] = [
        [email, known],
        [stranger(), unknown],
      ]
      for (const [address, times] of round % 2 === 0 ? kinds : kinds.toReversed())
        // oxlint-disable-next-line no-await-in-loop
        times.push(await time(path, address))
    }
    const auc = tellApart(known, unknown)
    if (process.env.TIMING_ROUNDS) process.stderr.write(`${path}: AUC ${auc.toFixed(3)}\n`)
    // Kept loose: other tests run beside it. With TIMING_ROUNDS the figure itself is shown.
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.25)
  }, 300_000)
})
