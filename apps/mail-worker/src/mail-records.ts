import { randomUUID } from 'node:crypto'
import type { RedisClient } from 'auth-kit/session'

export type Claim =
  | { state: 'claimed'; tries: number; token: string }
  /** Sent before: this is the same mail again. */
  | { state: 'sent' }
  /** Another delivery of the same mail is being sent, or its worker has died while sending it. */
  | { state: 'busy' }

/** What is known of every mail, by its id, so that it is sent once. */
export type MailRecords = ReturnType<typeof createMailRecords>

type RecordOptions = {
  redis: RedisClient
  /** In front of every key. */
  prefix?: string
  /** How long a claim holds, in ms: longer than any sending takes, or a mail goes out twice. */
  leaseMs?: number
}

const keepMs = 30 * 24 * 60 * 60 * 1_000

// Redis's own clock: two workers agree on when a claim is over.
const claimScript = `
local sent, ends = unpack(redis.call('HMGET', KEYS[1], 'sent', 'ends'))
if sent then return {'sent', 0} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ends and tonumber(ends) > now then return {'busy', 0} end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
redis.call('HSET', KEYS[1], 'ends', now + ARGV[1], 'token', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'claimed', tries}`

const releaseScript = `
if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'ends', 'token')
end`

/** Records in Redis, one hash a mail, for 30 days. Each function rejects when Redis is down. */
export function createMailRecords({ redis, prefix = '', leaseMs = 45_000 }: RecordOptions) {
  const keyOf = (id: string) => `${prefix}mail-sent:${id}`
  return {
    /** The right to send this mail now, and which try it is. */
    async claim(id: string): Promise<Claim> {
      const token = randomUUID()
      const answer: unknown = await redis.eval(claimScript, 1, keyOf(id), leaseMs, token, keepMs)
      const [state, tries] = Array.isArray(answer) ? answer : []
      if (state === 'claimed') return { state, tries: Number(tries), token }
      return { state: state === 'sent' ? 'sent' : 'busy' }
    },
    /** It was not sent: the next delivery may try at once. */
    async release(id: string, token: string): Promise<void> {
      await redis.eval(releaseScript, 1, keyOf(id), token)
    },
    async markSent(id: string): Promise<void> {
      await redis.multi().hset(keyOf(id), 'sent', 1).pexpire(keyOf(id), keepMs).exec()
    },
    /** It was given up; whoever replays it begins with the first try. */
    async forget(id: string): Promise<void> {
      await redis.del(keyOf(id))
    },
  }
}
