import { createHmac, createPublicKey, randomBytes, type JsonWebKey } from 'node:crypto'
import type { SigningKey } from '../../../../tools/testing/token-issuer.ts'
import { encode, pick, type Forgery } from './forger.fixture.ts'

/** Attacks on the signature and the key. */
export const forgedSignatures: Record<string, Forgery> = {
  'alg none': async ({ issuer, key, chance }) => {
    const alg = pick(['none', 'None', 'NONE', 'nOnE', ''], chance(5))
    const signature = pick(['', 'AA', randomBytes(64).toString('base64url')], chance(3))
    return `${encode({ alg, typ: 'at+jwt', kid: key.kid })}.${encode(issuer.claims())}.${signature}`
  },
  'HS256 with the public key as secret': async ({ issuer, key, chance }) => {
    const jwk = key.publicJwk
    const pem = createPublicKey({ key: asNodeKey(jwk), format: 'jwk' })
    const secrets = [
      pem.export({ type: 'spki', format: 'pem' }),
      pem.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
      Buffer.from(jwk.x ?? jwk.n ?? '', 'base64url'),
      String(jwk.x ?? jwk.n),
    ]
    const [alg, hash] =
      pick(
        [
          ['HS256', 'sha256'],
          ['HS384', 'sha384'],
          ['HS512', 'sha512'],
        ],
        chance(3),
      ) ?? []
    const signed = `${encode({ alg, typ: 'at+jwt', kid: key.kid })}.${encode(issuer.claims())}`
    const secret = pick(secrets, chance(5)) ?? ''
    return `${signed}.${createHmac(hash ?? '', secret)
      .update(signed)
      .digest('base64url')}`
  },
  'swapped kid': ({ issuer, key, other }) => issuer.sign({ key, header: { kid: other.kid } }),
  'made-up kid': ({ issuer, own, chance }) => {
    const kids = ['', '../../key', "' OR 1=1 --", '__proto__', 'constructor', own.kid]
    return issuer.sign({ key: own, header: { kid: pick(kids, chance(6)) } })
  },
  'no kid': ({ issuer, key }) => issuer.sign({ key, header: { kid: undefined } }),
  'kid that is not a string': ({ issuer, key, chance }) =>
    issuer.sign({ key, header: { kid: pick([0, null, [key.kid], { kid: key.kid }], chance(4)) } }),
  "forger's key under the issuer's kid": ({ issuer, key, own }) =>
    issuer.sign({ key: own, header: { kid: key.kid } }),
  "jwk header with the forger's key": ({ issuer, key, own, chance }) =>
    issuer.sign({
      key: own,
      header: { jwk: own.publicJwk, kid: pick([own.kid, key.kid], chance(2)) },
    }),
  "jku, x5u or x5c header to the forger's key": ({ issuer, key, own, chance }) => {
    const url = 'https://evil.example/jwks.json'
    const places = [{ jku: url }, { x5u: url }, { x5c: ['MIIB'] }, { x5t: 'AA', jku: url }]
    const kid = pick([own.kid, key.kid], chance(2))
    return issuer.sign({ key: own, header: { ...pick(places, chance(4)), kid } })
  },
  "algorithm other than the key's": async ({ issuer, key, own, chance }) => {
    const [, , signature] = (await issuer.sign({ key: own })).split('.')
    const algs = ['EdDSA', 'ES256', 'RS256', 'PS256', 'ES384', 'RS512', 'Ed25519', 'ES256K']
    const alg = pick(
      algs.filter((alg) => alg !== key.alg),
      chance(7),
    )
    return `${encode({ alg, typ: 'at+jwt', kid: key.kid })}.${encode(issuer.claims())}.${signature}`
  },
  'empty or all-zero signature': async ({ issuer, key, chance }) => {
    const [header, claims] = (await issuer.sign({ key })).split('.')
    const signature = Buffer.alloc(pick([0, 1, 64, 256], chance(4)) ?? 0).toString('base64url')
    return `${header}.${claims}.${signature}`
  },
  'signature with one bit changed': async ({ issuer, key, chance }) => {
    const [header, claims, signature = ''] = (await issuer.sign({ key })).split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const at = chance(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance(8))
    return `${header}.${claims}.${bytes.toString('base64url')}`
  },
  'claims changed after signing': async ({ issuer, key, chance }) => {
    const claims = issuer.claims()
    const [header, , signature] = (await issuer.sign({ key, claims })).split('.')
    const changes = [
      { sub: 'eve' },
      { scope: `${claims.scope} admin` },
      { exp: claims.exp + 1 + chance(1e6) },
      { client_id: 'evil' },
    ]
    return `${header}.${encode({ ...claims, ...pick(changes, chance(4)) })}.${signature}`
  },
  'header changed after signing': async ({ issuer, key }) => {
    const [, claims, signature] = (await issuer.sign({ key })).split('.')
    const { alg, kid } = key
    return `${encode({ typ: 'at+jwt', alg, kid, cty: 'x' })}.${claims}.${signature}`
  },
  'unknown critical extension': ({ issuer, key }) =>
    issuer.sign({ key, header: { crit: ['urn:example'], 'urn:example': true } }),
}

function asNodeKey({ kty, crv, x, y, n, e }: SigningKey['publicJwk']): JsonWebKey {
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e }))
}
