import { Router } from 'express'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'

const CACHE_SECONDS = 300

/**
 * What this server can do (RFC 8414), for whoever knows nothing but its issuer. The standard has
 * the well-known path between host and base path (section 3.1), where no router under BASE_PATH
 * could see it; many look for it behind the base path.
 */
export function metadataRoutes({ config, site }: Pick<OAuthDeps, 'config' | 'site'>): Router {
  const router = Router()
  const standard = `${paths.metadata}${site.url('')}`
  // API Gateway's own JWT authorizer looks for it at the last of these (RFC 8414 §5).
  const others = [site.url(paths.metadata), site.url(paths.openIdConfiguration)]
  router.get([standard, ...others], (_req, res) => {
    res.set('Cache-Control', `public, max-age=${CACHE_SECONDS}`).json(metadata(config.issuer))
  })
  return router
}

function metadata(issuer: string) {
  const methods = ['client_secret_basic', 'client_secret_post']
  return {
    issuer,
    authorization_endpoint: `${issuer}${paths.authorize}`,
    token_endpoint: `${issuer}${paths.token}`,
    revocation_endpoint: `${issuer}${paths.revoke}`,
    introspection_endpoint: `${issuer}${paths.introspect}`,
    jwks_uri: `${issuer}${paths.jwks}`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    authorization_response_iss_parameter_supported: true,
  }
}
