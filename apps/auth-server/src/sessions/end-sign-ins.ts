import { askRedis, type RedisClient } from 'auth-kit/session'
import type { Logger } from 'service-kit'
import type { SignIns } from './sign-in.model.ts'

type RedisDeps = { redis: RedisClient; keyPrefix: string }
type Deps = RedisDeps & { signIns: SignIns; logger: Logger }

/** Much longer than any request that stores a session of an SSO session. */
const REMEMBER_SECONDS = 600

/**
 * Notes that an SSO session is to end, before its session ends. From now on none of its tokens is
 * refreshed, even while MongoDB is down, and no session is stored for it. The sweep ends it if this
 * process dies.
 */
export async function noteSignInToEnd({ redis, keyPrefix }: RedisDeps, id: string): Promise<void> {
  await askRedis(redis, (redis) => redis.set(endedKey(keyPrefix, id), '1', 'EX', REMEMBER_SECONDS))
  await askRedis(redis, (redis) => redis.zadd(keyOf(keyPrefix), Date.now(), id))
}

/** Whether an SSO session was recently noted to end, already ended or not. @throws AuthError 503 */
export async function hasEndedLately(
  { redis, keyPrefix }: RedisDeps,
  id: string,
): Promise<boolean> {
  return (await askRedis(redis, (redis) => redis.exists(endedKey(keyPrefix, id)))) === 1
}

/** Whether an SSO session is about to end. @throws AuthError 503 if Redis does not answer */
export async function isSignInToEnd({ redis, keyPrefix }: RedisDeps, id: string): Promise<boolean> {
  return (await askRedis(redis, (redis) => redis.zscore(keyOf(keyPrefix), id))) !== null
}

/**
 * Ends what `noteSignInToEnd` noted. While MongoDB is down, it leaves this to the sweep, so that nobody has
 * to wait.
 */
export async function endNotedSignIn(deps: Deps, id: string): Promise<void> {
  try {
    await completeEnd(deps, id)
  } catch (error) {
    deps.logger.warn({ err: error }, 'the tokens of an SSO session will be ended later')
  }
}

/** Ends every SSO session that was noted and has not ended yet. */
export async function endNotedSignIns(deps: Deps): Promise<void> {
  const noted = await askRedis(deps.redis, (redis) =>
    redis.zrange(keyOf(deps.keyPrefix), '0', '999'),
  )
  await Promise.all(noted.map((id) => completeEnd(deps, id)))
}

/** Ends every SSO session of a user except `except`: their families issue no more tokens. */
export async function endSignInsOfUser(
  signIns: SignIns,
  userId: string,
  { except }: { except?: string | undefined } = {},
): Promise<void> {
  const others = except === undefined ? {} : { _id: { $ne: except } }
  const running = { ...others, userId: { $eq: userId }, endedAt: null }
  await signIns.updateMany(running, ended())
}

/** Ends the SSO sessions of all users. */
export async function endAllSignIns(signIns: SignIns): Promise<void> {
  await signIns.updateMany({ endedAt: null }, ended())
}

async function completeEnd({ redis, keyPrefix, signIns }: Deps, id: string): Promise<void> {
  await signIns.updateOne({ _id: id, endedAt: null }, ended())
  await askRedis(redis, (redis) => redis.zrem(keyOf(keyPrefix), id))
}

/** The update that ends an SSO session and marks its sites for notification in the same write. */
function ended() {
  const now = new Date()
  return { $set: { endedAt: now, logoutDueAt: now } }
}

function keyOf(keyPrefix: string): string {
  return `${keyPrefix}sign-ins-to-end`
}

function endedKey(keyPrefix: string, id: string): string {
  return `${keyPrefix}sign-in-ended:${id}`
}
