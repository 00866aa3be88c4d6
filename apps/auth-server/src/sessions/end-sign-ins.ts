import { askRedis, type RedisClient } from 'auth-kit/session'
import type { Logger } from 'service-kit'
import type { SignIns } from './sign-in.model.ts'

type RedisDeps = { redis: RedisClient; keyPrefix: string }
type Deps = RedisDeps & { signIns: SignIns; logger: Logger }

/** Longer by far than any request that stores a session of a sign-in. */
const REMEMBER_SECONDS = 600

/**
 * Notes that a sign-in is to end, before its session does. From here on none of its tokens is
 * refreshed, also while MongoDB is down, and no session is stored for it again. The sweep ends it
 * if this process dies.
 */
export async function noteSignInToEnd({ redis, keyPrefix }: RedisDeps, id: string): Promise<void> {
  await askRedis(redis, (redis) => redis.set(endedKey(keyPrefix, id), '1', 'EX', REMEMBER_SECONDS))
  await askRedis(redis, (redis) => redis.zadd(keyOf(keyPrefix), Date.now(), id))
}

/** Whether a sign-in was noted to end lately, done since or not. @throws AuthError 503 */
export async function hasEndedLately(
  { redis, keyPrefix }: RedisDeps,
  id: string,
): Promise<boolean> {
  return (await askRedis(redis, (redis) => redis.exists(endedKey(keyPrefix, id)))) === 1
}

/** Whether a sign-in is about to end. @throws AuthError 503 when Redis does not answer */
export async function isSignInToEnd({ redis, keyPrefix }: RedisDeps, id: string): Promise<boolean> {
  return (await askRedis(redis, (redis) => redis.zscore(keyOf(keyPrefix), id))) !== null
}

/**
 * Ends what `noteSignInToEnd` noted. While MongoDB is down it leaves that to the sweep, so that
 * nobody has to wait.
 */
export async function endNotedSignIn(deps: Deps, id: string): Promise<void> {
  try {
    await completeEnd(deps, id)
  } catch (error) {
    deps.logger.warn({ err: error }, 'the tokens of a sign-in are ended later')
  }
}

/** Ends every sign-in that was noted and has not ended yet. */
export async function endNotedSignIns(deps: Deps): Promise<void> {
  const noted = await askRedis(deps.redis, (redis) =>
    redis.zrange(keyOf(deps.keyPrefix), '0', '999'),
  )
  await Promise.all(noted.map((id) => completeEnd(deps, id)))
}

/** Ends every sign-in of a user, but for `except`: no family of theirs gives tokens from here on. */
export async function endSignInsOfUser(
  signIns: SignIns,
  userId: string,
  { except }: { except?: string | undefined } = {},
): Promise<void> {
  const others = except === undefined ? {} : { _id: { $ne: except } }
  const running = { ...others, userId: { $eq: userId }, endedAt: null }
  await signIns.updateMany(running, ended())
}

/** Ends every sign-in of everybody. */
export async function endAllSignIns(signIns: SignIns): Promise<void> {
  await signIns.updateMany({ endedAt: null }, ended())
}

async function completeEnd({ redis, keyPrefix, signIns }: Deps, id: string): Promise<void> {
  await signIns.updateOne({ _id: id, endedAt: null }, ended())
  await askRedis(redis, (redis) => redis.zrem(keyOf(keyPrefix), id))
}

/** The end of a sign-in, and in the same write that its sites are to be notified. */
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
