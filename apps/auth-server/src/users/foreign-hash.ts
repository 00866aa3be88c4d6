import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify } from 'argon2'
import bcrypt from 'bcrypt'
import { takeTurns } from './take-turns.ts'

const deriveKey = promisify<Buffer, Buffer, number, object, Buffer>(scrypt)

/** In front of a hash that another system made: it is over the password itself, ours over a digest. */
const mark = 'foreign:'

/** Most that checking a hash may cost: else a file that is imported could stop the server. */
const MOST_MEMORY = 256 * 1024 * 1024
const bcryptPattern = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
const argon2Pattern =
  /^\$argon2(?:id|i|d)\$v=19\$((?:[mtp]=\d{1,7},?){3})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/
const scryptPattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{6,})\$([A-Za-z0-9+/]{22,})$/

/**
 * A hash of another system as it is stored here, until its owner signs in:
 * - bcrypt, `$2a$`, `$2b$` or `$2y$`, cost 4 to 15;
 * - Argon2 in PHC form, `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>`, also `i` and `d`;
 * - scrypt in PHC form, `$scrypt$ln=<log2 N>,r=8,p=1$<salt>$<hash>`, base64 without padding.
 *
 * @returns undefined where it is none of these, or costs more than 256 MiB or 20 rounds
 */
export function storedForeignHash(hash: string): string | undefined {
  const isAffordable = isBcrypt(hash) || isArgon2(hash) || isScrypt(hash)
  // The three letters of bcrypt mean one algorithm, and the library knows two of them.
  return isAffordable ? mark + hash.replace(/^\$2y\$/, '$2b$') : undefined
}

/** What the other system had stored; undefined where the hash is of our own. */
export function foreignHash(stored: string): string | undefined {
  return stored.startsWith(mark) ? stored.slice(mark.length) : undefined
}

/** The cost of a bcrypt hash of another system; undefined for any other. */
export function foreignBcryptCost(hash: string): number | undefined {
  const cost = bcryptPattern.exec(hash)?.[1]
  return cost === undefined ? undefined : Number(cost)
}

/** Whether that is the password of a hash of another system. */
export function compareForeign(password: string, hash: string): Promise<boolean> {
  return takeTurns(async () => {
    if (hash.startsWith('$argon2')) return verify(hash, password)
    return hash.startsWith('$scrypt')
      ? compareScrypt(password, hash)
      : bcrypt.compare(password, hash)
  })
}

function isBcrypt(hash: string): boolean {
  const cost = foreignBcryptCost(hash)
  return cost !== undefined && cost >= 4 && cost <= 15
}

function isArgon2(hash: string): boolean {
  // Libraries do not agree on their order.
  const parameters = argon2Pattern
    .exec(hash)?.[1]
    ?.split(',')
    .map((part) => part.split('='))
  const { m: memory = 0, t: rounds = 0, p: lanes = 0 } = numbersIn(parameters ?? [])
  const isSound = rounds >= 1 && lanes >= 1 && memory >= 8 * lanes
  return isSound && rounds <= 20 && memory * 1024 <= MOST_MEMORY
}

function isScrypt(hash: string): boolean {
  const parts = scryptParts(hash)
  if (!parts) return false
  const { N, r, p } = parts
  return N >= 2 && r >= 1 && p >= 1 && p <= 20 && 128 * N * r <= MOST_MEMORY
}

function numbersIn(pairs: string[][]): Record<string, number> {
  return Object.fromEntries(pairs.map(([name = '', value]) => [name, Number(value)]))
}

async function compareScrypt(password: string, hash: string): Promise<boolean> {
  const parts = scryptParts(hash)
  if (!parts) return false
  const { N, r, p, salt, key } = parts
  const maxmem = 2 * MOST_MEMORY
  const derived = await deriveKey(Buffer.from(password), salt, key.length, { N, r, p, maxmem })
  return timingSafeEqual(derived, key)
}

function scryptParts(hash: string) {
  const [, ln, r, p, salt, key] = scryptPattern.exec(hash) ?? []
  if (salt === undefined || key === undefined) return undefined
  const bytes = { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') }
  return { N: 2 ** Number(ln), r: Number(r), p: Number(p), ...bytes }
}
