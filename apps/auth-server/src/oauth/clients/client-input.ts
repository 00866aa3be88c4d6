import { z } from 'zod'
import { clientKinds, signingAlgorithms } from './client.model.ts'

// RFC 6749 §3.3: printable ASCII without blank, quote and backslash.
const scope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'Use letters, digits and signs, without blanks.')

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
    'Use an https address (http for localhost), without a fragment and without a wildcard.',
  )

const name = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(60, 'Use at most 60 characters.')
  .regex(/^\P{C}+$/u, 'This must be one line.')

const redirectUris = z.array(redirectUri).max(20)
const audiences = z.array(audience).max(20)
const scopes = z.array(scope).max(100)

const fields = {
  /** The asker chooses it, so that asking twice makes one. */
  id: z.uuid().optional(),
  name,
  kind: z.enum(clientKinds),
  redirectUris: redirectUris.default([]),
  audience: audience.optional(),
  audiences: audiences.default([]),
  scopes: scopes.default([]),
  alg: z.enum(signingAlgorithms).default('EdDSA'),
}

/** What a new client is made from; the kinds need different things. */
export const newClientInput = z.object(fields).superRefine((client, context) => {
  for (const [field, message] of kindProblems(client))
    context.addIssue({ code: 'custom', path: [field], message })
})

export type NewClient = z.output<typeof newClientInput>

/** What of a client can be changed; what is not given stays as it is. */
export const clientChangesInput = z.object({ name, redirectUris, audiences, scopes }).partial()

/** The same from a form: `seen` is `clientVersion` of what it showed. */
export const clientFormInput = clientChangesInput.extend({ seen: z.string().max(100).optional() })

export type ClientChanges = z.output<typeof clientChangesInput>

type KindFields = Pick<NewClient, 'kind' | 'redirectUris' | 'audience' | 'audiences'>

function kindProblems({ kind, redirectUris, audience, audiences }: KindFields) {
  const problems: [string, string][] = []
  if (kind === 'site' && redirectUris.length === 0)
    problems.push(['redirectUris', 'A site needs an address to come back to.'])
  if (kind === 'resource_server' && audience === undefined)
    problems.push(['audience', 'A resource server needs the audience it is called in tokens.'])
  if (kind !== 'resource_server' && audiences.length === 0)
    problems.push(['audiences', 'Name the audience of a resource server that it asks for.'])
  if (kind !== 'resource_server' && audience !== undefined)
    problems.push(['audience', 'Only a resource server has an audience of its own.'])
  if (kind === 'resource_server' && audiences.length > 0)
    problems.push(['audiences', 'A resource server asks for no tokens.'])
  if (kind === 'resource_server' && redirectUris.length > 0)
    problems.push(['redirectUris', 'Nobody is sent back to a resource server.'])
  return problems
}

function isRedirectUri(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || text.includes('#') || text.includes('*') || url.username !== '') return false
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)
}
