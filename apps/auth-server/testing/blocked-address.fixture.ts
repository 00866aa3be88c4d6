import request from 'supertest'
import { password, type startTestApp } from './auth-server.fixture.ts'

export type TestServer = Awaited<ReturnType<typeof startTestApp>>

/** Settings with which a few failures block an address, and no other limit applies. */
export const settings = {
  TRUST_PROXY: '1',
  SUSPEND_AFTER_FAILURES: '5',
  LIMIT_SIGN_IN_PER_ADDRESS: '100000',
  LIMIT_SIGN_IN_PER_ACCOUNT: '100000',
}

let lastHost = 0

/** An IPv4 address that no other test uses. */
export function freshAddress(): string {
  lastHost += 1
  return `198.51.${100 + Math.floor(lastHost / 250)}.${lastHost % 250}`
}

/** Sign-ins to a server behind a proxy, from given addresses. */
export function visitors(server: TestServer) {
  let lastName = 0

  function signIn(from: string, given: { username: string; password?: string; cookie?: string }) {
    const { cookie = '', ...login } = given
    return request(server.app)
      .post('/login')
      .set({ 'X-Forwarded-For': from, Cookie: cookie })
      .send({ password, ...login })
  }

  /** Tries a wrong password, each time for another account, as attackers do with leaked lists. */
  const guess = (from: string) =>
    signIn(from, { username: `nobody-${(lastName += 1)}`, password: 'wrong' })

  return {
    signIn,
    guess,

    /** Fails often enough for the address to be blocked. */
    async block(from: string): Promise<void> {
      for (let failure = 0; failure < server.config.suspendAfterFailures; failure += 1)
        // oxlint-disable-next-line no-await-in-loop
        await guess(from).expect(401)
    },

    /** Changes a block as if it had ended this long ago. */
    async endedAgo(address: string, ms = 1000): Promise<void> {
      const until = new Date(Date.now() - ms)
      await server.blocks.updateOne({ _id: address }, { $set: { until } })
      await server.redis.del(`${server.keyPrefix}suspended:${address}`)
    },
  }
}
