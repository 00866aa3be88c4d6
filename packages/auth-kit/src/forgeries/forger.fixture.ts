import type { SigningKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'

/** For tests: a forger, whose tokens must never be accepted. */

export type Issuer = Awaited<ReturnType<typeof startIssuer>>

/** What a forger has: the issuer's valid tokens and public keys, their own key, and chance. */
export type Forger = {
  issuer: Issuer
  /** The issuer's key to abuse. */
  key: SigningKey
  /** Another key of the issuer. */
  other: SigningKey
  /** The forger's own key. */
  own: SigningKey
  /** An integer from 0 up to, but not including, `below`. */
  chance: (below: number) => number
}

export type Forgery = (forger: Forger) => Promise<string>

/** Encodes one part of a token. */
export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** The item at that index, wrapping around. */
export const pick = <Item>(items: readonly Item[], at: number): Item | undefined =>
  items[at % items.length]
