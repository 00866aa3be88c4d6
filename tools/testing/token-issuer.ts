import { createServer, type RequestListener } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'

/** For tests: an auth server that publishes keys and signs tokens, and can go down. */

export const AUDIENCE = 'https://orders.example'

export type SigningKey = {
  kid: string
  alg: 'EdDSA' | 'ES256' | 'RS256'
  privateKey: CryptoKey
  publicJwk: JWK
}

/** Creates a key pair with this id. */
export async function makeKey(alg: SigningKey['alg'], kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  return { kid, alg, privateKey, publicJwk }
}

type Change = {
  /** Claims other than usual; undefined leaves one out. */
  claims?: Record<string, unknown>
  /** The same for the header. */
  header?: Record<string, unknown>
  key?: SigningKey
}

/** Serves a JWKS over real HTTP, counts requests, and signs tokens. */
export async function startIssuer(keys: SigningKey[]) {
  let asked = 0
  let headers: Record<string, string> = {}
  let hanging = false
  let instead: { status: number; body: string } | undefined
  const published = [...keys]
  const server = await serve((_req, res) => {
    asked += 1
    if (hanging) return
    const { status, body } = instead ?? { status: 200, body: JSON.stringify(jwks()) }
    res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body)
  })
  const issuer = server.url
  const jwks = () => ({ keys: published.map((key) => key.publicJwk) })

  return {
    ...server,
    issuer,
    jwks,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    asked: () => asked,
    publish: (...more: SigningKey[]) => void published.push(...more),
    withdraw: (key: SigningKey) => void published.splice(published.indexOf(key), 1),
    /** Accepts requests and answers none. */
    hang: (on: boolean) => void (hanging = on),
    /** Answers with this status and body instead of keys. */
    answer: (status: number, body = '') => void (instead = { status, body }),
    /** Sets its clock, which the `Date` header shows. */
    setClock: (date: Date) => void (headers = { Date: date.toUTCString() }),
    claims: () => usualClaims(issuer),
    sign: ({ claims, header, key = firstOf(keys) }: Change = {}) =>
      signToken({ ...usualClaims(issuer), ...claims }, header, key),
  }
}

function firstOf(keys: SigningKey[]): SigningKey {
  const [key] = keys
  if (!key) throw new TypeError('an issuer needs a key')
  return key
}

/** Claims of a good access token that is valid for almost five minutes. */
function usualClaims(issuer: string) {
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: issuer,
    sub: 'ada-1',
    aud: AUDIENCE,
    client_id: 'shop',
    scope: 'orders:read orders:write',
    sid: 'family-1',
    jti: crypto.randomUUID(),
    iat: now - 10,
    exp: now + 290,
  }
}

function signToken(
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
  { alg, kid, privateKey }: SigningKey,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg, typ: 'at+jwt', kid, ...header })
    .sign(privateKey, header.crit ? { crit: { 'urn:example': true } } : {})
}

/** A small server on a free port that can be stopped and restarted there. */
export async function serve(listener: RequestListener) {
  const server = createServer(listener)
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  // A test that fails before it stops this must not keep the run alive.
  server.unref()
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    start: () => listen(port),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
