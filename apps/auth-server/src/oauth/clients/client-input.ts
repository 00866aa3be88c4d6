import { z } from 'zod'
import { clientKinds, pkceRules, signingAlgorithms } from './client.model.ts'

// RFC 6749 §3.3: printable ASCII except space, quote and backslash.
const scope = z
  .string()
  .regex(
    /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/,
    'Use letters, digits and punctuation, without spaces.',
  )

const audience = z
  .string()
  .max(500)
  .regex(
    /^[a-z][a-z\d+.-]*:[^\s#]+$/i,
    'Use an absolute address such as https://api.example (RFC 8707), without a fragment.',
  )

const redirectUri = z
  .string()
  .max(500)
  .refine(
    isRedirectUri,
    'Use an https address (http for localhost) or an app’s own scheme with a dot in it. Fragments and wildcards are not allowed.',
  )

const logoutUri = z
  .string()
  .max(500)
  .refine(isWebUri, 'Use an https address (http for localhost), without a fragment.')

const name = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(60, 'Use at most 60 characters.')
  .regex(/^\P{C}+$/u, 'This must be one line.')

const redirectUris = z.array(redirectUri).max(20)
const postLogoutRedirectUris = z.array(redirectUri).max(20)
const backchannelLogoutUri = logoutUri.nullable()
const pkce = z.enum(pkceRules)
const alg = z.enum(signingAlgorithms)

/** Algorithms of the assertions that clients sign. Every key must name its own (RFC 8725 §3.1). */
export const assertionAlgorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const

const privateMembers = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

const publicKey = z
  .looseObject({
    kty: z.enum(['EC', 'RSA', 'OKP']),
    kid: z.string().min(1).max(200),
    alg: z.enum(assertionAlgorithms),
  })
  .refine((key) => !privateMembers.some((member) => member in key), 'Send only public keys.')

const jwks = z.object({ keys: z.array(publicKey).min(1).max(10) }).nullable()
const audiences = z.array(audience).max(20)
const scopes = z.array(scope).max(100)

const fields = {
  /** Chosen by the caller, so that a repeated request registers one client. */
  id: z.uuid().optional(),
  name,
  kind: z.enum(clientKinds),
  redirectUris: redirectUris.default([]),
  audience: audience.optional(),
  audiences: audiences.default([]),
  scopes: scopes.default([]),
  postLogoutRedirectUris: postLogoutRedirectUris.default([]),
  backchannelLogoutUri: backchannelLogoutUri.default(null),
  pkce: pkce.default('required'),
  /** With keys of its own, a client signs assertions (`private_key_jwt`) and gets no secret. */
  jwks: jwks.default(null),
  /** For access tokens. Every resource server accepts ES256, at a tenth of the cost of RSA. */
  alg: alg.default('ES256'),
  /** Every client must support RS256 (OpenID Connect Discovery §3). */
  idTokenAlg: alg.default('RS256'),
}

/** The input for a new client. The required fields depend on its kind. */
export const newClientInput = z.object(fields).superRefine((client, context) => {
  for (const [field, message] of kindProblems(client))
    context.addIssue({ code: 'custom', path: [field], message })
})

export type NewClient = z.output<typeof newClientInput>

/** The editable fields of a client. Fields that are left out stay as they are. */
export const clientChangesInput = z
  .object({
    name,
    redirectUris,
    postLogoutRedirectUris,
    backchannelLogoutUri,
    audiences,
    scopes,
    pkce,
    idTokenAlg: alg,
    jwks,
  })
  .partial()

/** The same from a form: `seen` is the `clientVersion` that the form showed. */
export const clientFormInput = clientChangesInput.extend({ seen: z.string().max(100).optional() })

export type ClientChanges = z.output<typeof clientChangesInput>

type KindFields = Pick<
  NewClient,
  'kind' | 'redirectUris' | 'backchannelLogoutUri' | 'audience' | 'audiences' | 'pkce' | 'jwks'
>

function kindProblems(client: KindFields) {
  const { kind, redirectUris, audience, audiences, pkce, jwks } = client
  const problems: [string, string][] = []
  if ((kind === 'site' || kind === 'app') && redirectUris.length === 0)
    problems.push(['redirectUris', `A client of the kind ${kind} needs a redirect URI.`])
  if (kind !== 'app' && !redirectUris.every(isWebUri))
    problems.push(['redirectUris', 'Only an app may use its own scheme.'])
  if (kind === 'app' && pkce !== 'required')
    problems.push(['pkce', 'An app has no secret: PKCE is always required.'])
  if (kind === 'app' && jwks !== null)
    problems.push(['jwks', 'An app does not authenticate and needs no keys.'])
  if (kind === 'machine' && redirectUris.length > 0)
    problems.push(['redirectUris', 'A machine signs nobody in and needs no redirect URI.'])
  if (kind === 'resource_server' && audience === undefined)
    problems.push(['audience', 'A resource server needs an audience, its name in tokens.'])
  if (kind !== 'resource_server' && audience !== undefined)
    problems.push(['audience', 'Only a resource server has an audience of its own.'])
  if (kind === 'resource_server' && audiences.length > 0)
    problems.push(['audiences', 'A resource server requests no tokens.'])
  if (kind === 'resource_server' && redirectUris.length > 0)
    problems.push(['redirectUris', 'A resource server needs no redirect URI.'])
  return problems
}

/** A private-use scheme contains a dot: it is a reversed domain of the app's maker (RFC 8252 §7.1). */
function isRedirectUri(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || text.includes('#') || text.includes('*')) return false
  return isWebUri(text) || /^[a-z][a-z\d+-]*\.[a-z\d+.-]*:$/.test(url.protocol)
}

function isWebUri(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || text.includes('#') || text.includes('*') || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

/** Whether a URL points to the machine it is opened on. */
export function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
