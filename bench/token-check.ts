import { JwtVerifier } from 'aws-jwt-verify'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { createKeySet, verifyAccessToken } from '../packages/auth-kit/src/tokens.ts'
import { AUDIENCE, makeKey, startIssuer, type SigningKey } from '../tools/testing/token-issuer.ts'
import type { Bench } from './bench.ts'
import { median } from './median.ts'

const ALGORITHMS = ['EdDSA', 'ES256', 'RS256'] as const
const ROUNDS = 5
const ROUND_MS = 500

type Verify = (token: string) => Promise<unknown>
type Issuer = Awaited<ReturnType<typeof startIssuer>>

/** Access tokens checked in a second, one after another, with keys that are there already. */
export async function tokenCheck({ print }: Bench): Promise<void> {
  print(`Access tokens, ${ROUNDS} rounds of ${ROUND_MS} ms each, no network\n`)
  print('| algorithm | verifier | tokens/s, median | slowest, fastest round | to jose |')
  print('| --- | --- | --- | --- | --- |')
  for (const alg of ALGORITHMS) {
    const key = await makeKey(alg, 'bench')
    const issuer = await startIssuer([key])
    const token = await issuer.sign()
    const rates = await race(verifiersFor(issuer, key), token)
    await issuer.stop()
    for (const [name, own] of rates) print(row(alg, name, own, rates.get('jose') ?? []))
  }
}

function verifiersFor(issuer: Issuer, key: SigningKey): Record<string, Verify> {
  const options = { issuer: issuer.issuer, audience: AUDIENCE }
  const keys = createKeySet(issuer.jwks())
  const joseKeys = createLocalJWKSet(issuer.jwks())
  const aws = JwtVerifier.create({ ...options, jwksUri: issuer.jwksUrl })
  aws.cacheJwks({ keys: [{ ...key.publicJwk, kty: key.publicJwk.kty ?? '' }] })
  return {
    ours: (token) => verifyAccessToken(token, { ...options, keys }),
    jose: (token) =>
      jwtVerify(token, joseKeys, { ...options, typ: 'at+jwt', algorithms: [key.alg] }),
    'aws-jwt-verify': (token) => aws.verify(token),
  }
}

async function race(verifiers: Record<string, Verify>, token: string) {
  const rates = new Map<string, number[]>()
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, verify] of Object.entries(verifiers)) {
      const rate = await measure(verify, token)
      if (round > 0) rates.set(name, [...(rates.get(name) ?? []), rate])
    }
  }
  return rates
}

async function measure(verify: Verify, token: string): Promise<number> {
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < ROUND_MS; count += 1) await verify(token)
  return (count * 1000) / (performance.now() - start)
}

function row(alg: string, name: string, own: number[], jose: number[]): string {
  const range = `${Math.min(...own).toFixed(0)}, ${Math.max(...own).toFixed(0)}`
  const ratio = (median(own) / median(jose)).toFixed(2)
  return `| ${alg} | ${name} | ${median(own).toFixed(0)} | ${range} | ${ratio} |`
}
