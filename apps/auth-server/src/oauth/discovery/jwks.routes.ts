import { Router } from 'express'
import { paths } from '../../http/paths.ts'
import type { OAuthDeps } from '../oauth-deps.ts'
import { listClients } from '../clients/find-client.ts'
import { publicJwk, publishedKeys } from '../clients/signing-keys.ts'

/** Well below `PUBLISH_AHEAD_MS`, so that a cached answer is renewed before a new key signs. */
const CACHE_SECONDS = 300

/** The public keys for verifying tokens (RFC 7517). */
export function jwksRoutes({ clients, config }: OAuthDeps): Router {
  const router = Router()
  router.get(paths.jwks, async (_req, res) => {
    const all = await listClients(clients)
    const keys = all.flatMap((client) => publishedKeys(client.keys, config)).map(publicJwk)
    res.set('Cache-Control', `public, max-age=${CACHE_SECONDS}`).json({ keys })
  })
  return router
}
