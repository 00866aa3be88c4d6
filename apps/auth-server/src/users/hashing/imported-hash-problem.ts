const MOST_MEMORY = 256 * 1024 * 1024
const MOST_ROUNDS = 20
/** A lane is a thread. */
const MOST_LANES = 16
const MOST_SALT_BYTES = 64
const MOST_KEY_BYTES = 128

const bcryptPattern = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
const argon2Pattern =
  /^\$argon2(?:id|i|d)\$v=19\$((?:[mtp]=\d{1,7},?){3})\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{16,})$/
const scryptPattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{6,})\$([A-Za-z0-9+/]{22,})$/

/**
 * Why a hash of another system is rejected: its kind is unknown, or checking it is so expensive that
 * an imported file could bring the server down.
 *
 * @returns undefined if the hash is accepted
 */
export function importedHashProblem(hash: string): string | undefined {
  const cost = foreignBcryptCost(hash)
  if (cost !== undefined) return bcryptProblem(cost)
  const argon2 = argon2Parts(hash)
  if (argon2) return argon2Problem(argon2) ?? lengthProblem(argon2)
  const scrypt = scryptParts(hash)
  if (scrypt) return scryptProblem(scrypt) ?? lengthProblem(scrypt)
  return 'This must be a bcrypt, Argon2 or scrypt hash: see users import --help.'
}

/** The cost of an imported bcrypt hash; undefined for any other hash. */
export function foreignBcryptCost(hash: string): number | undefined {
  const cost = bcryptPattern.exec(hash)?.[1]
  return cost === undefined ? undefined : Number(cost)
}

/** The parameters, salt and key of a scrypt hash; undefined for any other hash. */
export function scryptParts(hash: string) {
  const [, ln, r, p, salt, key] = scryptPattern.exec(hash) ?? []
  if (salt === undefined || key === undefined) return undefined
  const numbers = { ln: Number(ln), N: 2 ** Number(ln), r: Number(r), p: Number(p) }
  return { ...numbers, salt: bytesOf(salt), key: bytesOf(key) }
}

function argon2Parts(hash: string) {
  const [, parameters, salt, key] = argon2Pattern.exec(hash) ?? []
  if (parameters === undefined || salt === undefined || key === undefined) return undefined
  // Libraries disagree on the order.
  const pairs = parameters.split(',').map((part) => part.split('='))
  const numbers: Record<string, number> = Object.fromEntries(
    pairs.map(([name = '', value]) => [name, Number(value)]),
  )
  const { m: memory = 0, t: rounds = 0, p: lanes = 0 } = numbers
  return { memory, rounds, lanes, salt: bytesOf(salt), key: bytesOf(key) }
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64')
}

function bcryptProblem(cost: number): string | undefined {
  return cost >= 4 && cost <= 15 ? undefined : 'The bcrypt cost must be between 4 and 15.'
}

type Argon2 = { memory: number; rounds: number; lanes: number }

function argon2Problem({ memory, rounds, lanes }: Argon2): string | undefined {
  if (lanes > MOST_LANES) return `Argon2 may have ${MOST_LANES} lanes at most.`
  if (rounds > MOST_ROUNDS || memory * 1024 > MOST_MEMORY)
    return `Argon2 may use 256 MiB and ${MOST_ROUNDS} rounds at most.`
  const isSound = rounds >= 1 && lanes >= 1 && memory >= 8 * lanes
  return isSound ? undefined : 'Argon2 needs at least one round, one lane and 8 KiB for each lane.'
}

type Scrypt = { ln: number; N: number; r: number; p: number }

function scryptProblem({ ln, N, r, p }: Scrypt): string | undefined {
  const isSound = ln >= 1 && r >= 1 && p >= 1 && ln < 16 * r
  if (!isSound) return 'Invalid scrypt parameters (RFC 7914): ln must be below 16 r.'
  // The p parts are computed one at a time, so their costs add up.
  return p <= MOST_ROUNDS && 128 * N * r * p <= MOST_MEMORY
    ? undefined
    : `Invalid scrypt parameters: at most ${MOST_ROUNDS} parts, and 256 MiB for all of them together.`
}

function lengthProblem({ salt, key }: { salt: Buffer; key: Buffer }): string | undefined {
  const isShortEnough = salt.length <= MOST_SALT_BYTES && key.length <= MOST_KEY_BYTES
  return isShortEnough
    ? undefined
    : `The salt may have ${MOST_SALT_BYTES} bytes at most, the hash ${MOST_KEY_BYTES}.`
}
