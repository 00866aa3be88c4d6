import { createHash, randomBytes } from 'node:crypto'

// Crockford's base32: nothing in it looks like something else.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const HOW_MANY = 10
const LENGTH = 24

/**
 * Ten recovery codes of 120 random bits, and what is stored of them. With more than 112 bits a plain
 * hash is enough (ASVS 6.5.2).
 */
export function makeRecoveryCodes(): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: HOW_MANY }, makeCode)
  return { codes, hashes: codes.map(hashRecoveryCode) }
}

/** What is stored of a code: the same however it is written. */
export function hashRecoveryCode(code: string): string {
  const plain = code.toLowerCase().replaceAll(/[^a-z\d]/g, '')
  return createHash('sha256').update(plain).digest('base64url')
}

function makeCode(): string {
  const letters = Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join(
    '',
  )
  return letters.replaceAll(/(.{6})(?!$)/g, '$1-')
}
