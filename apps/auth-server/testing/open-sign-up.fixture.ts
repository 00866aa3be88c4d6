import request from 'supertest'
import { startTestApp } from './auth-server.fixture.ts'
import { mailTo, tokenIn } from './mailed-links.fixture.ts'

export const password = 'seven quiet rivers meet'
export const otherPassword = 'eleven words nobody else knows'

/** Limits that no test reaches by accident. */
export const openEnv = {
  SIGN_UP: 'open',
  LIMIT_SIGN_UP_PER_ADDRESS: '10000',
  SIGN_UP_MAILS_PER_HOUR: '100000',
}

let count = 0

/** A new person's sign-up. */
export function somebody() {
  count += 1
  return { username: `user-${count}`, email: `user-${count}@mail.test`, password }
}

/** A server that lets anybody sign up. */
export async function startOpenServer(
  env: Record<string, string> = {},
  options?: Parameters<typeof startTestApp>[1],
) {
  const server = await startTestApp({ ...openEnv, ...env }, options)
  // Nothing comes before the first sign-up here, and on a busy machine connecting takes longer than
  // the deadline of a request.
  if (options?.redisUrl === undefined) await server.redis.ping()
  const signUp = (body: object) => request(server.app).post('/signup').send(body)

  return {
    ...server,
    signUp,

    confirm: (token: string, given?: string) =>
      request(server.app).post('/confirm_account').send({ token, password: given }),

    signIn: (username: string, given = password) =>
      request(server.app).post('/login').send({ username, password: given }),

    /** Signs somebody up and returns the token of their e-mail. */
    async signedUp(me: ReturnType<typeof somebody>): Promise<string> {
      await signUp(me).expect(202)
      return tokenIn(await mailTo(server, { to: me.email, kind: 'confirm' }))
    },

    usersWith: (email: string) => server.users.find({ emailKey: email }).lean(),
  }
}
