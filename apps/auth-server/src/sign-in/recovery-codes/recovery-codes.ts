import { createHash, randomBytes } from 'node:crypto'

// Crockford's base32, without letters that look alike.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const HOW_MANY = 10
const LENGTH = 24

/**
 * Creates ten recovery codes of 120 random bits, and the hashes to store. With more than 112 bits, a plain
 * hash is enough (ASVS 6.5.2).
 */
export function makeRecoveryCodes(): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: HOW_MANY }, makeCode)
  return { codes, hashes: codes.map(hashRecoveryCode) }
}

/** The hash to store; upper case, spaces and dashes make no difference. */
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
