import { JwtVerifier } from 'aws-jwt-verify'
import { createKeySet, verifyAccessToken } from 'auth-kit/tokens'
import { createLocalJWKSet, jwtVerify } from 'jose'
import {
  AUDIENCE,
  makeKey,
  startIssuer,
  type SigningKey,
} from '../../tools/testing/token-issuer.ts'
import type { Bench, Row, Table } from '../harness/bench.ts'
import { number, ratio } from '../harness/format.ts'
import { median, spread } from '../harness/statistics.ts'

const ALGORITHMS = ['EdDSA', 'ES256', 'RS256'] as const
const VERIFIERS = ['Latchkey', 'jose', 'aws-jwt-verify'] as const
const TOKENS = 500
const TIMES = 20

type Verify = (token: string) => Promise<unknown>
type Verifiers = Record<(typeof VERIFIERS)[number], Verify>
type Issuer = Awaited<ReturnType<typeof startIssuer>>
type Rates = Record<(typeof VERIFIERS)[number], number[]>

export const bearer: Row = {
  title: 'Access tokens',
  about:
    'Tokens verified per second, one after another, with keys in memory: each token for the first time, and again.',
  async run(bench) {
    const tables: Table[] = []
    for (const alg of ALGORITHMS) {
      bench.progress(alg)
      // oxlint-disable-next-line no-await-in-loop
      tables.push(await race(alg, bench))
    }
    return { tables }
  },
}

async function race(alg: SigningKey['alg'], { rounds }: Bench): Promise<Table> {
  const key = await makeKey(alg, 'bench')
  const issuer = await startIssuer([key])
  const verifiers = verifiersFor(issuer, key)
  const fresh: Rates = { Latchkey: [], jose: [], 'aws-jwt-verify': [] }
  const again: Rates = { Latchkey: [], jose: [], 'aws-jwt-verify': [] }
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const tokens = await Promise.all(Array.from({ length: TOKENS }, () => issuer.sign()))
    for (const name of VERIFIERS) {
      // oxlint-disable-next-line no-await-in-loop
      const [first, later] = await measure(verifiers[name], tokens)
      if (round === 0) continue
      fresh[name].push(first)
      again[name].push(later)
    }
  }
  await issuer.stop()
  return tableOf(alg, fresh, again)
}

function verifiersFor(issuer: Issuer, key: SigningKey): Verifiers {
  const options = { issuer: issuer.issuer, audience: AUDIENCE }
  const keys = createKeySet(issuer.jwks())
  const joseKeys = createLocalJWKSet(issuer.jwks())
  const aws = JwtVerifier.create({ ...options, jwksUri: issuer.jwksUrl })
  aws.cacheJwks({ keys: [{ ...key.publicJwk, kty: key.publicJwk.kty ?? '' }] })
  return {
    Latchkey: (token) => verifyAccessToken(token, { ...options, keys }),
    jose: (token) =>
      jwtVerify(token, joseKeys, { ...options, typ: 'at+jwt', algorithms: [key.alg] }),
    'aws-jwt-verify': (token) => aws.verify(token),
  }
}

/** Tokens per second, for the first time and again. */
async function measure(verify: Verify, tokens: string[]): Promise<[number, number]> {
  const first = await rateOf(verify, tokens)
  return [first, await rateOf(verify, Array.from({ length: TIMES }, () => tokens).flat())]
}

async function rateOf(verify: Verify, tokens: string[]): Promise<number> {
  const start = performance.now()
  for (const token of tokens)
    // oxlint-disable-next-line no-await-in-loop -- one after another, as in one request
    await verify(token)
  return (tokens.length * 1000) / (performance.now() - start)
}

function tableOf(alg: string, fresh: Rates, again: Rates): Table {
  return {
    title: alg,
    head: ['verifier', 'new tokens/s', 'Latchkey’s is', 'repeated tokens/s', 'Latchkey’s is'],
    lines: VERIFIERS.map((name) => [
      name,
      ...[fresh, again].flatMap((rates) => [number(median(rates[name])), ratioTo(name, rates)]),
    ]),
  }
}

function ratioTo(name: keyof Rates, rates: Rates): string {
  if (name === 'Latchkey') return ''
  const theirs = rates[name]
  return `× ${ratio(spread(rates.Latchkey.map((rate, round) => rate / (theirs[round] ?? 0))))}`
}
