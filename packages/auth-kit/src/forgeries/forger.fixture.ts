import type { SigningKey, startIssuer } from '../../../../tools/testing/token-issuer.ts'

/** For tests: somebody who makes tokens that nobody may accept. */

export type Issuer = Awaited<ReturnType<typeof startIssuer>>

/** What a forger has: the issuer's good tokens and public keys, a key of their own, and chance. */
export type Forger = {
  issuer: Issuer
  /** A key of the issuer, to be abused, and another one. */
  key: SigningKey
  other: SigningKey
  own: SigningKey
  /** A whole number from 0 to `below`, without `below`. */
  chance: (below: number) => number
}

export type Forgery = (forger: Forger) => Promise<string>

/** Part of a token. */
export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** One of them; a number beyond their end begins again. */
export const pick = <Item>(items: readonly Item[], at: number): Item | undefined =>
  items[at % items.length]
