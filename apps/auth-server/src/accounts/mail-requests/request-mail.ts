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
 * Notes that somebody asked for a mail. Whether it is for anybody is looked up later: so the work
 * is the same for every address, and so is that of the request after it (R9).
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
