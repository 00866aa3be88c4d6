import { verify } from 'node:crypto'
import type { Algorithm } from './algorithms.ts'
import type { VerificationKey } from './read-keys.ts'
import { invalidToken } from './token-errors.ts'

/** A signed token in its compact form (RFC 7515, section 7.1), with its signature still unverified. */
export type SignedToken = {
  header: Record<string, unknown>
  payload: string
  /** What the signature covers. */
  signed: string
  signature: string
}

const COMPACT = /^(?<head>[\w-]+)\.(?<payload>[\w-]+)\.(?<signature>[\w-]+)$/

const DIGESTS: Record<Algorithm, string | null> = { EdDSA: null, ES256: 'sha256', RS256: 'sha256' }

/** @throws AuthError `invalid_token` (401) */
export function splitToken(token: string): SignedToken {
  const { head = '', payload = '', signature = '' } = COMPACT.exec(token)?.groups ?? {}
  const signed = token.slice(0, head.length + 1 + payload.length)
  return { header: parsePart(head), payload, signed, signature }
}

/** A JSON object in base64url. @throws AuthError `invalid_token` (401) */
export function parsePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (isObject(value)) return value
  } catch (error) {
    throw invalidToken(error)
  }
  throw invalidToken()
}

/**
 * Whether the key made the signature. It is verified on this thread: Web Crypto hands each one to another
 * thread, which takes longer than verifying so short a text.
 */
export function isSignedBy(
  { alg, publicKey }: VerificationKey,
  { signed, signature }: SignedToken,
): boolean {
  // RFC 7518, section 3.4: both numbers of an ECDSA signature, one after the other.
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  const bytes = Buffer.from(signature, 'base64url')
  try {
    return verify(DIGESTS[alg], Buffer.from(signed), key, bytes)
  } catch {
    return false // a signature of impossible length, say
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
