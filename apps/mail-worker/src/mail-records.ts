import { randomUUID } from 'node:crypto'
import type { RedisClient } from 'auth-kit/session'

export type Claim =
  | { state: 'claimed'; tries: number; token: string }
  /** Sent before: this is a duplicate. */
  | { state: 'sent' }
  /** Another delivery of the same e-mail is being sent, or its worker died while sending it. */
  | { state: 'busy' }

/** The record of every e-mail, by its id, so that it is sent once. */
export type MailRecords = ReturnType<typeof createMailRecords>

type RecordOptions = {
  redis: RedisClient
  /** Precedes every key. */
  prefix?: string
  /** Milliseconds that a claim holds. It must exceed the time for sending, or e-mails go out twice. */
  leaseMs?: number
}

const keepMs = 30 * 24 * 60 * 60 * 1_000

// By Redis's clock, so that two workers agree on when a claim is over.
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

/** Keeps records in Redis, one hash per e-mail, for 30 days. Each function rejects while Redis is down. */
export function createMailRecords({ redis, prefix = '', leaseMs = 45_000 }: RecordOptions) {
  const keyOf = (id: string) => `${prefix}mail-sent:${id}`
  return {
    /** Claims the right to send this e-mail now, and counts the try. */
    async claim(id: string): Promise<Claim> {
      const token = randomUUID()
      const answer: unknown = await redis.eval(claimScript, 1, keyOf(id), leaseMs, token, keepMs)
      const [state, tries] = Array.isArray(answer) ? answer : []
      if (state === 'claimed') return { state, tries: Number(tries), token }
      return { state: state === 'sent' ? 'sent' : 'busy' }
    },
    /** Gives the claim back after a failure, so that the next delivery may try at once. */
    async release(id: string, token: string): Promise<void> {
      await redis.eval(releaseScript, 1, keyOf(id), token)
    },
    async markSent(id: string): Promise<void> {
      await redis.multi().hset(keyOf(id), 'sent', 1).pexpire(keyOf(id), keepMs).exec()
    },
    /** Forgets an e-mail that was given up, so that a replay starts with the first try. */
    async forget(id: string): Promise<void> {
      await redis.del(keyOf(id))
    },
  }
}
