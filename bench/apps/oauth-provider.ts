import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export type ProviderOptions = { mongoUrl: string }

/**
 * An OAuth provider with one confidential client, rotating refresh tokens, and access tokens as JWTs for
 * one audience, signed with Ed25519. In addition to its own routes, `POST /grant` returns the first refresh
 * token of a new grant, as a code exchange does.
 */
export type ProviderUnderTest = (options: ProviderOptions) => Promise<Server>

export const CLIENT = { id: 'bench', secret: 'the secret of the only client here' }
export const AUDIENCE = 'urn:orders'
export const SCOPE = 'orders:read'
export const ACCESS_SECONDS = 300
export const REFRESH_SECONDS = 90 * 86_400

/** A provider's own routes and `POST /grant`. */
export function serveProvider(
  answer: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
  grant: () => Promise<string>,
): Server {
  return createServer((req, res) => {
    if (req.url !== '/grant') {
      void answer(req, res)
      return
    }
    grant().then(
      (token) => res.end(token),
      (error: unknown) => res.writeHead(500).end(String(error)),
    )
  })
}
