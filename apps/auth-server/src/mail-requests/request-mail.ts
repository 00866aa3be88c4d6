import type { RequestHandler } from 'express'
import type { RouteDeps } from '../route-deps.ts'
import { normalizeIdentity } from '../users/normalize-identity.ts'
import { mailRequestInput } from './mail-request-input.ts'
import { queueClaimedMail } from './queue-claimed-mail.ts'
import type { RequestedMail } from './queue-mail.ts'

type Deps = Pick<RouteDeps, 'users' | 'redis' | 'keyPrefix' | 'relay' | 'audit'>

/** Queues the mail that somebody asked for, if there is anybody it is for; nothing tells which. */
export function requestMail(deps: Deps, kind: RequestedMail): RequestHandler {
  return async function requestMail(req, res, next) {
    const emailKey = normalizeIdentity(mailRequestInput.parse(req.body).email)
    const queued = await queueClaimedMail(deps, { kind, emailKey })
    if (queued) deps.audit.mailRequested(req, { user: queued.user, mail: kind })
    // Sending takes time for an account alone: it begins when the answer is out (R9).
    res.once('close', () => deps.relay.wake())
    next()
  }
}
