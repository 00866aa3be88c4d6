import { Router } from 'express'
import { paths } from '../paths.ts'
import type { RouteDeps } from '../route-deps.ts'
import { listClients } from './find-client.ts'
import { publicJwk, publishedKeys } from './signing-keys.ts'

/** Five minutes: a key is published longer before it signs. */
const CACHE_SECONDS = 300

/** The public keys that tokens are checked with (RFC 7517), and what this server can do (RFC 8414). */
export function jwksRoutes({ clients, config }: RouteDeps): Router {
  const router = Router()
  router.get(paths.jwks, async (_req, res) => {
    const all = await listClients(clients)
    const keys = all.flatMap((client) => publishedKeys(client.keys, config)).map(publicJwk)
    res.set('Cache-Control', `public, max-age=${CACHE_SECONDS}`).json({ keys })
  })
  // API Gateway's own JWT authorizer looks for it at the second place (RFC 8414 §5).
  router.get([paths.metadata, paths.openIdConfiguration], (_req, res) => {
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
