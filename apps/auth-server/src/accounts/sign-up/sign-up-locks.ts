import { randomUUID } from 'node:crypto'
import { askRedis, type RedisClient } from 'auth-kit/session'
import { keyDigest } from '../../storage/key-digest.ts'

/** What a sign-up locks while it runs, all normalized. */
export type SignUpClaim = { invite: string; username: string; email: string }

/** Locks for the sign-ups under way on all servers. */
export type SignUpLocks = {
  /** Whether a sign-up with this invite, name or address is under way. */
  isHeld(claim: SignUpClaim): Promise<boolean>
  /** Locks all three. Returns the owner for `release`, or null if another sign-up holds one. */
  acquire(claim: SignUpClaim): Promise<string | null>
  /** Releases the locks of this owner and no others. */
  release(claim: SignUpClaim, owner: string): Promise<void>
}

// Longer than any sign-up takes, yet short enough if the server dies in between.
const LIFETIME_MS = 15_000

const DELETE_OWN = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])
`

/**
 * Locks in Redis for the sign-ups under way. They save work and handle double clicks; it is the
 * database that keeps anything from happening twice.
 */
export function createSignUpLocks(redis: RedisClient, keyPrefix: string): SignUpLocks {
  // One command per key, because in a Cluster they have different slots. Always in the same order, so
  // that two sign-ups with the same keys do not each get half of them.
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
        // One at a time: only the owner of the first key goes on to the next.
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
