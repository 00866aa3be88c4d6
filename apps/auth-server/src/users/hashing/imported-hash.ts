import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify } from 'argon2'
import bcrypt from 'bcrypt'
import { importedHashProblem, scryptParts } from './imported-hash-problem.ts'
import { limitHashing } from './limit-hashing.ts'

const deriveKey = promisify<Buffer, Buffer, number, object, Buffer>(scrypt)

/** Prefix of an imported hash: it was made from the password itself, ours from a digest of it. */
const mark = 'foreign:'

/** What OpenSSL may allocate for scrypt: more than any accepted hash needs. */
const maxmem = 512 * 1024 * 1024

/**
 * A hash of another system as it is stored here until its user signs in:
 * - bcrypt, `$2a$`, `$2b$` or `$2y$`, cost 4 to 15;
 * - Argon2 in PHC form, `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>`, also `i` and `d`;
 * - scrypt in PHC form, `$scrypt$ln=<log2 N>,r=8,p=1$<salt>$<hash>`, base64 without padding.
 *
 * @returns undefined if `importedHashProblem` rejects it
 */
export function storedImportedHash(hash: string): string | undefined {
  if (importedHashProblem(hash) !== undefined) return undefined
  // All three bcrypt prefixes mean one algorithm, but the library knows only two of them.
  return mark + hash.replace(/^\$2y\$/, '$2b$')
}

/** The hash as the other system stored it; undefined for one made by this server. */
export function importedHash(stored: string): string | undefined {
  return stored.startsWith(mark) ? stored.slice(mark.length) : undefined
}

/** Whether an imported hash was made from this password. */
export function compareImported(password: string, hash: string): Promise<boolean> {
  return limitHashing(async () => {
    if (hash.startsWith('$argon2')) return verify(hash, password)
    return hash.startsWith('$scrypt')
      ? compareScrypt(password, hash)
      : bcrypt.compare(password, hash)
  })
}

async function compareScrypt(password: string, hash: string): Promise<boolean> {
  const parts = scryptParts(hash)
  if (!parts) return false
  const { N, r, p, salt, key } = parts
  const derived = await deriveKey(Buffer.from(password), salt, key.length, { N, r, p, maxmem })
  return timingSafeEqual(derived, key)
}
