import { Router } from 'express'
import { paths } from '../../http/paths.ts'
import { assertionAlgorithms } from '../clients/client-input.ts'
import { publicCors } from '../client-cors.ts'
import { levels, prompts, responseModes } from '../authorize/check-authorize-request.ts'
import { openIdScopes } from '../openid/openid-scopes.ts'
import { grantTypes } from '../tokens/token-input.ts'
import type { OAuthDeps } from '../oauth-deps.ts'

const CACHE_SECONDS = 300

// The claims that id_tokens and userinfo can hold.
const idTokenClaims = 'iss sub aud exp iat auth_time nonce acr amr sid at_hash'
const userClaims = 'preferred_username name email email_verified'

/**
 * The metadata of this server (RFC 8414), for clients that know only its issuer. The standard puts the
 * well-known path between host and base path (§3.1), out of reach of a router under BASE_PATH. Many
 * clients look for it after the base path.
 */
export function metadataRoutes({ config, site }: Pick<OAuthDeps, 'config' | 'site'>): Router {
  const router = Router()
  const standard = `${paths.metadata}${site.url('')}`
  // API Gateway's own JWT authorizer uses the last of these (RFC 8414 §5).
  const others = [site.url(paths.metadata), site.url(paths.openIdConfiguration)]
  const addresses = [standard, ...others]
  router.use(addresses, publicCors)
  router.get(addresses, (_req, res) => {
    res.set('Cache-Control', `public, max-age=${CACHE_SECONDS}`).json(metadata(config.issuer))
  })
  return router
}

/** OpenID Connect Discovery 1.0 §3 and RFC 8414 §2 in one document. */
function metadata(issuer: string) {
  const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']
  const algorithms = [...assertionAlgorithms]
  return {
    issuer,
    authorization_endpoint: `${issuer}${paths.authorize}`,
    token_endpoint: `${issuer}${paths.token}`,
    revocation_endpoint: `${issuer}${paths.revoke}`,
    introspection_endpoint: `${issuer}${paths.introspect}`,
    userinfo_endpoint: `${issuer}${paths.userinfo}`,
    end_session_endpoint: `${issuer}${paths.endSession}`,
    jwks_uri: `${issuer}${paths.jwks}`,
    response_types_supported: ['code'],
    response_modes_supported: responseModes,
    grant_types_supported: [...grantTypes],
    scopes_supported: [...openIdScopes],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256', 'EdDSA'],
    claims_supported: `${idTokenClaims} ${userClaims}`.split(' '),
    claim_types_supported: ['normal'],
    prompt_values_supported: [...prompts],
    acr_values_supported: levels,
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  }
}
