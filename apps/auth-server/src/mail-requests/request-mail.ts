import type { RequestHandler } from 'express'
import type { RouteDeps } from '../route-deps.ts'
import { normalizeIdentity } from '../users/normalize-identity.ts'
import { claimMail, releaseMail } from './claim-mail.ts'
import { mailRequestInput } from './mail-request-input.ts'
import { queueMail, type RequestedMail } from './queue-mail.ts'

type Deps = Pick<RouteDeps, 'users' | 'redis' | 'keyPrefix' | 'relay' | 'audit'>

/** Queues the mail that somebody asked for, if there is anybody it is for; nothing tells which. */
export function requestMail(deps: Deps, kind: RequestedMail): RequestHandler {
  return async function requestMail(req, _res, next) {
    const emailKey = normalizeIdentity(mailRequestInput.parse(req.body).email)
    const claim = { kind, emailKey }
    if (await claimMail(deps, claim)) {
      try {
        const user = await queueMail(deps.users, claim)
        deps.audit.mailRequested(req, { user, mail: kind })
      } catch (error) {
        await releaseMail(deps, claim)
        throw error
      }
    }
    deps.relay.wake()
    next()
  }
}
