import { randomUUID } from 'node:crypto'
import { askRedis, type RedisClient } from 'auth-kit/session'
import { keyDigest } from '../../storage/key-digest.ts'

/** What one sign-up needs for itself while it runs, all normalized. */
export type SignUpClaim = { invite: string; username: string; email: string }

/** Names and addresses that are being signed up at this moment, over all servers. */
export type SignUpLocks = {
  /** Whether a sign-up with that invite, name or address is under way. */
  isHeld(claim: SignUpClaim): Promise<boolean>
  /** Begins one: what `release` takes, or null when another one is under way. */
  acquire(claim: SignUpClaim): Promise<string | null>
  /** Ends the one that `acquire` began, and no other. */
  release(claim: SignUpClaim, owner: string): Promise<void>
}

// Longer than a sign-up can take; a server that died in one blocks nobody for longer than this.
const LIFETIME_MS = 15_000

const DELETE_OWN = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])
`

/**
 * The sign-ups under way, in Redis. It spares work and answers a double click; the database sees to
 * it that nothing is done twice.
 */
export function createSignUpLocks(redis: RedisClient, keyPrefix: string): SignUpLocks {
  // One question a key: in a Cluster they lie in different slots. Always in the same order, so that
  // two that want the same keys do not each get half of them.
  const keysOf = (claim: SignUpClaim) =>
    (['invite', 'username', 'email'] as const).map(
      (field) => `${keyPrefix}signing-up:${field}:${keyDigest(claim[field])}`,
    )

  async function release(keys: string[], owner: string): Promise<void> {
    await Promise.all(
      keys.map((key) => askRedis(redis, (redis) => redis.eval(DELETE_OWN, 1, key, owner))),
    )
  }

  return {
    async isHeld(claim) {
      const found = keysOf(claim).map((key) => askRedis(redis, (redis) => redis.exists(key)))
      return (await Promise.all(found)).some((count) => count > 0)
    },

    async acquire(claim) {
      const owner = randomUUID()
      const keys = keysOf(claim)
      for (const key of keys) {
        const set = (redis: RedisClient) => redis.set(key, owner, 'PX', LIFETIME_MS, 'NX')
        // One after the other: whoever has the first goes on to the next.
        // oxlint-disable-next-line no-await-in-loop
        if ((await askRedis(redis, set)) === 'OK') continue
        // oxlint-disable-next-line no-await-in-loop
        await release(keys.slice(0, keys.indexOf(key)), owner)
        return null
      }
      return owner
    },

    release: (claim, owner) => release(keysOf(claim), owner),
  }
}
