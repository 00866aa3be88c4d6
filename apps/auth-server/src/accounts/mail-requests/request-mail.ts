import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { z } from 'zod'
import type { AccountDeps } from '../account-deps.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import { claimMail } from '../../mail/claim-mail.ts'
import type { RequestedMail } from '../../mail/mail-entry.ts'
import { knownEmailInput } from '../../users/user-input.ts'

export const mailRequestInput = z.object({ email: knownEmailInput })

type Deps = Pick<AccountDeps, 'mailRequests' | 'redis' | 'keyPrefix'>

/**
 * Stores the request for an e-mail. The account is looked up later, so that the work is the same for
 * every address, in this request and in the next one (R9).
 */
export function requestMail(deps: Deps, kind: RequestedMail): RequestHandler {
  return async function requestMail(req, _res, next) {
    const emailKey = normalizeIdentity(mailRequestInput.parse(req.body).email)
    await claimMail(deps, { kind, about: emailKey }, async (mayGo) => {
      const at = new Date()
      if (mayGo)
        await deps.mailRequests.create({ _id: randomUUID(), kind, emailKey, at, dueAt: at })
    })
    next()
  }
}
