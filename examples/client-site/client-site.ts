import { fileURLToPath } from 'node:url'
import { backchannelLogout, type LogoutNotice } from 'auth-kit/oidc-client'
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import * as oauth from 'openid-client'
import { errorPage, homePage } from './pages.ts'

const { env } = process
const siteUrl = new URL(env.SITE_URL ?? 'http://127.0.0.1:4000/')
const issuer = env.ISSUER ?? 'http://localhost:3000'
const callback = new URL('/cb', siteUrl).href
const https = siteUrl.protocol === 'https:'

// Lax, not Strict: a visitor returning from the auth server comes from another site.
const cookie = { httpOnly: true, secure: https, sameSite: 'lax', path: '/' } as const
const prefix = https ? '__Host-' : ''
const access = `${prefix}access_token`
const refresh = `${prefix}refresh_token`
const signingIn = (state: string) => `${prefix}signing-in-${state}`
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** More than the lifetime of an access token. */
const ACCESS_TOKEN_OUTLIVES_MS = 60 * MINUTE_MS

const server = await oauth.discovery(
  new URL(issuer),
  env.CLIENT_ID ?? '',
  env.CLIENT_SECRET ?? '',
  undefined,
  { algorithm: 'oauth2', execute: https ? [] : [oauth.allowInsecureRequests] },
)
const keys = createRemoteJWKSet(new URL(server.serverMetadata().jwks_uri ?? ''))

/** Sign-ins that have ended, until their access tokens expire. Several processes share it in Redis. */
const ended = new Set<string>()

type Tokens = { access_token: string; refresh_token?: string; expires_in?: number }

function keep(res: Response, { access_token, refresh_token = '', expires_in = 0 }: Tokens): void {
  res.cookie(access, access_token, { ...cookie, maxAge: expires_in * 1000 })
  // The auth server ends it with the sign-in, after three months at the latest.
  res.cookie(refresh, refresh_token, { ...cookie, maxAge: 90 * DAY_MS })
}

function forget(res: Response): void {
  res.clearCookie(access, cookie).clearCookie(refresh, cookie)
}

function cookieOf(req: Request, name: string): string | undefined {
  const pairs = req.headers.cookie?.split('; ') ?? []
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** Reads the visitor from an access token, without a request. @throws Error once it has expired */
async function verify(token: string): Promise<JWTPayload> {
  const { issuer } = server.serverMetadata()
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: env.AUDIENCE ?? '',
    typ: 'at+jwt',
    algorithms: ['EdDSA', 'ES256', 'RS256'],
  })
  return payload
}

/**
 * Finds out who the visitor is, and refreshes an expired access token. Two tabs that do so at once get the
 * same refresh token, so it does not matter whose cookies arrive last.
 */
async function visitorOf(req: Request, res: Response): Promise<JWTPayload | undefined> {
  const claims = await verify(cookieOf(req, access) ?? '').catch(() => undefined)
  const known = claims && !ended.has(String(claims.sid)) ? claims : undefined
  const token = cookieOf(req, refresh)
  if (known || token === undefined) return known
  try {
    const tokens = await oauth.refreshTokenGrant(server, token)
    keep(res, tokens)
    return await verify(tokens.access_token)
  } catch (error) {
    // Anything else is an outage, which signs nobody out.
    if (!(error instanceof oauth.ResponseBodyError) || error.error !== 'invalid_grant') throw error
    forget(res)
    return undefined
  }
}

async function home(req: Request, res: Response): Promise<void> {
  res.send(homePage({ visitor: await visitorOf(req, res), signOutEverywhere: `${issuer}/logout` }))
}

async function signIn(_req: Request, res: Response): Promise<void> {
  const state = oauth.randomState()
  const verifier = oauth.randomPKCECodeVerifier()
  // One cookie per attempt, so that a second tab does not break the first one's.
  res.cookie(signingIn(state), verifier, { ...cookie, maxAge: 10 * MINUTE_MS })
  const url = oauth.buildAuthorizationUrl(server, {
    redirect_uri: callback,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  res.redirect(303, url.href)
}

async function comeBack(req: Request, res: Response): Promise<void> {
  const url = new URL(req.url, siteUrl)
  const state = url.searchParams.get('state') ?? ''
  const verifier = cookieOf(req, signingIn(state))
  // Otherwise the sign-in began in another browser or long ago, or is already done. The page says who is
  // signed in.
  if (verifier !== undefined) {
    const checks = { expectedState: state, pkceCodeVerifier: verifier }
    keep(res, await oauth.authorizationCodeGrant(server, url, checks))
    res.clearCookie(signingIn(state), cookie)
  }
  res.redirect(303, '/')
}

async function signOut(req: Request, res: Response): Promise<void> {
  const token = cookieOf(req, refresh)
  if (token !== undefined) await oauth.tokenRevocation(server, token)
  forget(res)
  res.redirect(303, '/')
}

/** The refresh token ended with the sign-in. The access token does not know, so the site remembers. */
function endSignIn({ sid }: LogoutNotice): void {
  if (sid === undefined) return
  ended.add(sid)
  setTimeout(() => ended.delete(sid), ACCESS_TOKEN_OUTLIVES_MS).unref()
}

const onlyFromHere: RequestHandler = function onlyFromHere(req, res, next) {
  if ((req.get('Sec-Fetch-Site') ?? 'same-origin') === 'same-origin') return next()
  return res.status(403).send(errorPage('That came from another site.'))
}

const answerError: ErrorRequestHandler = function answerError(error: unknown, _req, res, _next) {
  process.stderr.write(`${String(error)}\n`)
  res.status(503).set('Retry-After', '5').send(errorPage('We cannot tell who you are just now.'))
}

const endedByNotice = backchannelLogout({
  issuer: server.serverMetadata().issuer,
  clientId: env.CLIENT_ID ?? '',
  endSessions: endSignIn,
})

const policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"
const headers = { 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' }
const app = express().disable('x-powered-by')
app.use(express.static(fileURLToPath(new URL('public', import.meta.url))))
app.use((_req, res, next) => next(void res.set(headers)))
app.get('/', home)
app.get('/sign-in', signIn)
app.get('/cb', comeBack)
app.post('/sign-out', onlyFromHere, signOut)
app.post('/backchannel-logout', endedByNotice)
app.use(answerError)
app.listen(Number(siteUrl.port), () => process.stdout.write(`${siteUrl.href}\n`))
