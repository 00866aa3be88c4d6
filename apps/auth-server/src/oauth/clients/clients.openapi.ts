import { z } from 'zod'
import { json, type Operation } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'

const key = z.object({
  kty: z.string(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  kid: z.string(),
  alg: z.string(),
  use: z.literal('sig'),
})
const list = z.array(z.string())
const metadata = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  revocation_endpoint: z.url(),
  introspection_endpoint: z.url(),
  userinfo_endpoint: z.url(),
  end_session_endpoint: z.url(),
  jwks_uri: z.url(),
  response_types_supported: list,
  response_modes_supported: list,
  grant_types_supported: list,
  scopes_supported: list,
  subject_types_supported: list,
  id_token_signing_alg_values_supported: list,
  claims_supported: list,
  claim_types_supported: list,
  prompt_values_supported: list,
  acr_values_supported: list,
  code_challenge_methods_supported: list,
  token_endpoint_auth_methods_supported: list,
  token_endpoint_auth_signing_alg_values_supported: list,
  revocation_endpoint_auth_methods_supported: list,
  revocation_endpoint_auth_signing_alg_values_supported: list,
  introspection_endpoint_auth_methods_supported: list,
  introspection_endpoint_auth_signing_alg_values_supported: list,
  authorization_response_iss_parameter_supported: z.literal(true),
  claims_parameter_supported: z.literal(false),
  request_parameter_supported: z.literal(false),
  request_uri_parameter_supported: z.literal(false),
  backchannel_logout_supported: z.literal(true),
  backchannel_logout_session_supported: z.literal(true),
})

/** Public metadata, which client libraries read first. */
export const clientOperations: Operation[] = [
  {
    method: 'get',
    path: paths.jwks,
    summary: 'The public keys for verifying tokens (RFC 7517).',
    tag: 'Tokens',
    access: 'anybody',
    answers: { 200: json('The keys.', z.object({ keys: z.array(key) })) },
  },
  metadataAt(paths.metadata, 'The metadata of this authorization server (RFC 8414).'),
  metadataAt(paths.openIdConfiguration, 'The same, at the path of OpenID Connect Discovery.'),
]

function metadataAt(path: string, summary: string): Operation {
  const answers = { 200: json('The metadata.', metadata) }
  return { method: 'get', path, summary, tag: 'Tokens', access: 'anybody', answers }
}
