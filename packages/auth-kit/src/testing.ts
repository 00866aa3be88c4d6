import { randomBytes, randomUUID } from 'node:crypto'
import { Cookie } from 'express-session'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisClient } from './redis/redis-client.ts'
import { parsePublicUser, type PublicUser } from './public-user.ts'
import { createSessionStore, type SessionStoreOptions } from './session/create-session-store.ts'
import { sessionCookieName, signSessionId, type CookieOptions } from './session/session-cookie.ts'
import type { Level } from './session/session-content.ts'

/** A user signed in for a test. */
export type SignedIn = {
  /** For the `Cookie` header of a request. */
  cookie: string
  user: PublicUser
  /** Ends the session, as a sign-out at the auth server would. */
  signOut: () => Promise<void>
}

/**
 * Signs a user in for a test. Creates a real session in your Redis, like the auth server does.
 *
 * @example
 * const { cookie, signOut } = await signInForTest({ redis, secrets, user: { roles: ['admin'] } })
 * await request(app).get('/me').set('Cookie', cookie).expect(200)
 *
 * @param options `redis`, `secrets`, `prefix`, `publicUrl`, `cookieDomain` as for `authKit`;
 *   `user`: the fields that matter to the test, the rest are generated; `acr`: `aal2` for a sign-in
 *   with two factors
 * @throws TypeError if `secrets` is empty or a field of `user` has the wrong type; AuthError
 *   `sessions_unavailable` (503) if Redis is down
 */
export async function signInForTest(
  options: SessionStoreOptions &
    CookieOptions & {
      secrets: readonly string[]
      user?: Partial<PublicUser>
      /** The level of the sign-in. `aal1` */
      acr?: Level
    },
): Promise<SignedIn> {
  const [secret] = options.secrets
  const id = randomBytes(24).toString('base64url')
  const user = parsePublicUser({ ...anybody(), ...options.user })
  if (secret === undefined) throw new TypeError('signInForTest: `secrets` is empty')
  if (!user) throw new TypeError('signInForTest: a field of `user` has the wrong type')
  const store = createSessionStore(options)
  const { acr = 'aal1' } = options
  const amr = acr === 'aal2' ? ['pwd', 'otp', 'mfa'] : ['pwd']
  const signIn = { id: randomUUID(), at: Date.now(), acr, amr }
  await store.addSession(id, { cookie: new Cookie(), passport: { user }, authKit: { signIn } })
  return {
    cookie: `${sessionCookieName(options)}=${signSessionId(id, secret)}`,
    user,
    signOut: async () => void (await store.deleteSession(id)),
  }
}

/** The kit notices within its heartbeat of 250 ms that the client is closed, and then uses no cached session. */
const NOTICED_MS = 300

/**
 * Runs `work` while Redis is down for everything that uses this client, as in a real outage: guarded
 * routes answer 503. Other clients, and so other tests, keep their connection. Afterwards the client is
 * connected again, even if `work` fails.
 *
 * @example
 * await withRedisAway(redis, () => request(app).get('/me').set('Cookie', cookie).expect(503))
 *
 * @param redis the client that was given to `authKit`
 * @returns the result of `work`
 */
export async function withRedisAway<Result>(
  redis: RedisClient,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  redis.disconnect()
  await sleep(NOTICED_MS)
  try {
    return await work()
  } finally {
    await redis.connect()
  }
}

function anybody(): PublicUser {
  const id = randomBytes(12).toString('hex')
  return {
    id,
    username: `user-${id.slice(0, 6)}`,
    email: `user-${id.slice(0, 6)}@example.com`,
    roles: [],
    verifiedAt: new Date().toISOString(),
  }
}
