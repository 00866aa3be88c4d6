import { hkdfSync } from 'node:crypto'
import { createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { askRedis, type RedisClient } from 'auth-kit/session'
import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { keyDigest } from '../../storage/key-digest.ts'

/** Long enough to fill in a form. */
const LIFETIME_MS = 20 * 60 * 1000

/**
 * The browser looks for a counter whose key begins with a zero byte: 256 attempts of so many
 * iterations on average, half a second on a laptop and a few seconds on an old phone.
 */
const WORK = { algorithm: 'PBKDF2/SHA-256', cost: 4000, keyLength: 32, keyPrefix: '00' } as const

const hex = z.string().regex(/^[\da-f]{2,128}$/)

/** A task for a browser (ALTCHA, proof of work v2), signed so that only ours counts. */
export const challengeSchema = z.strictObject({
  parameters: z.strictObject({
    algorithm: z.literal(WORK.algorithm),
    cost: z.literal(WORK.cost),
    keyLength: z.literal(WORK.keyLength),
    keyPrefix: z.literal(WORK.keyPrefix),
    nonce: hex,
    salt: hex,
    /** Seconds since 1970. */
    expiresAt: z.int(),
  }),
  signature: hex,
})

export type Challenge = z.output<typeof challengeSchema>

const payloadSchema = z.object({
  challenge: challengeSchema,
  solution: z.object({ counter: z.int().min(0).max(0xffffffff), derivedKey: hex }),
})

type Deps = { config: Pick<Config, 'mailSecrets'>; redis: RedisClient; keyPrefix: string }

/** A new task. Nothing is stored. */
export async function createProofChallenge({ config }: Pick<Deps, 'config'>): Promise<Challenge> {
  const [secret] = config.mailSecrets
  if (secret === undefined) throw new TypeError('createProofChallenge needs MAIL_SECRETS')
  return challengeSchema.parse(
    await createChallenge({
      ...WORK,
      deriveKey,
      expiresAt: new Date(Date.now() + LIFETIME_MS),
      hmacSignatureSecret: keyFor(secret),
    }),
  )
}

/**
 * Whether `given`, the form's field, solves a task that this server set. Each task counts once, on all servers.
 *
 * @throws AuthError 503 if Redis is down
 */
export async function useProof(
  { config, redis, keyPrefix }: Deps,
  given: string,
): Promise<boolean> {
  const payload = readPayload(given)
  if (!payload) return false
  const { challenge, solution } = payload
  const checks = config.mailSecrets.map((secret) =>
    verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret: keyFor(secret) }),
  )
  if (!(await Promise.all(checks)).some(({ verified }) => verified)) return false
  const key = `${keyPrefix}sign-up-proof:${keyDigest(challenge.signature)}`
  const set = (redis: RedisClient) => redis.set(key, '1', 'PX', LIFETIME_MS, 'NX')
  return (await askRedis(redis, set)) === 'OK'
}

function readPayload(given: string) {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(given, 'base64').toString())
    return payloadSchema.safeParse(parsed).data
  } catch {
    return undefined
  }
}

function keyFor(secret: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', 'sign-up-proof', 32)).toString('base64url')
}
