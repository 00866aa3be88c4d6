import { array, constantFrom, nat, record } from 'fast-check'
import { makeKey, type SigningKey } from '../../../../tools/testing/token-issuer.ts'
import { forgedSignatures } from './forged-signatures.fixture.ts'
import { pick, type Forger, type Issuer } from './forger.fixture.ts'
import { wrongTokens } from './wrong-tokens.fixture.ts'

/** An arbitrary attack, with its own random choices. */
export function anyForgery(issuer: Issuer, keys: readonly SigningKey[]) {
  const attacks = Object.entries({ ...forgedSignatures, ...wrongTokens })
  return record({
    attack: constantFrom(...attacks),
    at: nat({ max: keys.length - 1 }),
    chances: array(nat({ max: 999_999 }), { minLength: 4, maxLength: 4 }),
  }).map(({ attack: [name, forge], at, chances }) => ({
    name,
    forge: async () => forge(await forgerWith({ issuer, keys, at, chances })),
  }))
}

/** A forger with the issuer's key at that index, and the next one. */
export async function forgerWith({
  issuer,
  keys,
  at,
  chances = [],
}: {
  issuer: Issuer
  keys: readonly SigningKey[]
  at: number
  chances?: number[]
}): Promise<Forger> {
  const key = pick(keys, at)
  const other = pick(keys, at + 1)
  if (!key || !other) throw new TypeError('a forger needs keys to abuse')
  const left = [...chances]
  const chance = (below: number) => (left.shift() ?? 0) % below
  return { issuer, key, other, own: await ownKey(key.alg), chance }
}

const ownKeys = new Map<string, Promise<SigningKey>>()

function ownKey(alg: SigningKey['alg']): Promise<SigningKey> {
  const key = ownKeys.get(alg) ?? makeKey(alg, 'own')
  ownKeys.set(alg, key)
  return key
}
