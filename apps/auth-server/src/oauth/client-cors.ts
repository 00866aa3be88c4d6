import cors from 'cors'
import type { RequestHandler } from 'express'
import type { Clients } from './clients/client.model.ts'
import { listClients } from './clients/find-client.ts'

const HOUR_SECONDS = 60 * 60

/**
 * Lets a page of a client call an endpoint from the browser: its origin must be that of some client's
 * redirect URI. No cookies are sent.
 */
export function clientCors({ clients }: { clients: Clients }): RequestHandler {
  return cors({
    origin(origin, callback) {
      if (origin === undefined) return callback(null, false)
      isClientOrigin(clients, origin).then(
        (known) => callback(null, known),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      )
    },
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type'],
    exposedHeaders: ['WWW-Authenticate', 'Retry-After'],
    maxAge: HOUR_SECONDS,
  })
}

/** Lets any page read the public keys and the metadata. */
export const publicCors: RequestHandler = cors({ methods: ['GET'], maxAge: HOUR_SECONDS })

async function isClientOrigin(clients: Clients, origin: string): Promise<boolean> {
  const all = await listClients(clients)
  return all.some(({ redirectUris }) =>
    redirectUris.some((uri) => uri.startsWith('http') && new URL(uri).origin === origin),
  )
}
