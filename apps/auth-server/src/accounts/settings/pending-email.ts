import type { Request, RequestHandler } from 'express'
import { Types } from 'mongoose'
import { withinMs } from 'service-kit'
import { noEmailChange, notSignedIn } from '../../http/errors.ts'
import { claimMail } from '../../mail/claim-mail.ts'
import { mailEntry } from '../../mail/mail-entry.ts'
import { findUserById } from '../../users/find-user.ts'
import type { Users } from '../../users/user.model.ts'
import type { AccountDeps } from '../account-deps.ts'

/** How long the account page waits for MongoDB, in ms. Without an answer it shows no new address. */
const PATIENCE_MS = 300

/** The new address that an account waits to have confirmed; undefined if there is none. */
export async function findPendingEmail(users: Users, userId: string): Promise<string | undefined> {
  const user = await withinMs(PATIENCE_MS, () => findUserById(users, userId)).catch(() => null)
  return user?.pendingEmail?.email
}

/**
 * Sends the link to the new address again, once in five minutes. It needs no password: the address was
 * entered with one.
 *
 * @throws Problem 404 `no_email_change`
 */
export function resendNewEmail(deps: AccountDeps): RequestHandler {
  return async function resendNewEmail(req, _res, next) {
    const user = await findUserById(deps.users, userId(req))
    if (!user?.pendingEmail) throw noEmailChange()
    const { email, emailKey } = user.pendingEmail
    await claimMail(
      deps,
      { kind: 'email_change', about: `${user.id} ${emailKey}` },
      async (mayGo) => {
        if (mayGo)
          await deps.users.updateOne(
            { _id: new Types.ObjectId(user.id), 'pendingEmail.emailKey': { $eq: emailKey } },
            { $push: { outbox: mailEntry({ kind: 'email_change', to: email }) } },
          )
      },
    )
    deps.relay.wake()
    next()
  }
}

/** Forgets the new address; its links no longer work. */
export function cancelNewEmail({ users, audit }: AccountDeps): RequestHandler {
  return async function cancelNewEmail(req, _res, next) {
    const id = userId(req)
    const { modifiedCount } = await users.updateOne(
      { _id: new Types.ObjectId(id), pendingEmail: { $ne: null } },
      { $set: { pendingEmail: null } },
    )
    if (modifiedCount > 0 && req.user) audit.emailChangeCancelled(req, { user: req.user })
    next()
  }
}

function userId({ user }: Request): string {
  if (!user) throw notSignedIn()
  return user.id
}
