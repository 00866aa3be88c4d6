import type { Request } from 'express'
import { endSessionsOfUser } from '../../sessions/end-user-sessions.ts'
import { deleteUser } from '../../accounts/lifecycle/delete-user.ts'
import { resetFactors } from '../../accounts/recovery/reset-factors.ts'
import { queueClaimedMail } from '../../accounts/mail-requests/queue-requested-mail.ts'
import type { AdminDeps } from '../admin-deps.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import { restoreUser } from '../../accounts/lifecycle/restore-user.ts'
import { suspendUser } from '../../accounts/lifecycle/suspend-user.ts'
import type { User } from '../../users/user.model.ts'
import type { AdminNotice } from '../admin.notices.ts'

/** A change to an account with one button. Repeating it is harmless. */
export type UserAction = {
  /** The end of its path. */
  name: string
  /** The confirmation page. Actions that can be undone have none. */
  question?: { title: (user: User) => string; text: string; button: string }
  /** Resolves to the next page's notice, or undefined if the account is gone or being deleted. */
  perform: (deps: AdminDeps, user: User, req: Request) => Promise<AdminNotice | undefined>
  /** Admins may not do it to their own account. */
  toOthersOnly?: boolean
  /** The account is gone afterwards. */
  removes?: boolean
}

const suspend: UserAction = {
  name: 'suspend',
  question: {
    title: ({ username }) => `Suspend ${username}?`,
    text: 'This signs them out everywhere. They cannot sign in until you restore the account. Nothing is deleted.',
    button: 'Suspend',
  },
  toOthersOnly: true,
  async perform(deps, user, req) {
    return (await suspendUser(deps, user, req)) ? 'user_suspended' : undefined
  },
}

const restore: UserAction = {
  name: 'restore',
  async perform(deps, user, req) {
    return (await restoreUser(deps, user, req)) ? 'user_restored' : undefined
  },
}

const endSessions: UserAction = {
  name: 'end-sessions',
  question: {
    title: ({ username }) => `Sign ${username} out everywhere?`,
    text: 'Every session of this account ends, on all devices and client sites. The user can sign in again immediately.',
    button: 'Sign out everywhere',
  },
  async perform(deps, user, req) {
    await endSessionsOfUser(deps, user, { from: req })
    return 'user_signed_out'
  },
}

/** An admin starts a reset but never chooses the password (R19). */
const sendReset: UserAction = {
  name: 'send-reset',
  async perform(deps, user, req) {
    const claim = { kind: 'reset', emailKey: normalizeIdentity(user.email) } as const
    const queued = await queueClaimedMail(deps, claim)
    if (!queued) return 'reset_sent_before'
    // The account is being deleted and gets no e-mail.
    if (!queued.user) return undefined
    deps.relay.wake()
    deps.audit.mailRequested(req, { user, mail: 'reset' })
    return 'reset_sent'
  },
}

export const removeFactors: UserAction = {
  name: 'factors/delete',
  question: {
    title: ({ username }) => `Remove the second factors of ${username}?`,
    text: 'Do this only if you are sure who asked for it. Every authenticator app, passkey and recovery code of this account stops working, and every session ends. The password alone signs in again.',
    button: 'Remove second factors',
  },
  toOthersOnly: true,
  async perform(deps, user, req) {
    await resetFactors(deps, user, { from: req })
    return 'factors_reset'
  },
}

const remove: UserAction = {
  name: 'delete',
  question: {
    title: ({ username }) => `Delete ${username}?`,
    text: 'This deletes the account and everything kept with it, and cannot be undone. Its name and e-mail address become free for others.',
    button: 'Delete for good',
  },
  toOthersOnly: true,
  removes: true,
  async perform(deps, user, req) {
    await deleteUser(deps, user, { from: req })
    return 'user_deleted'
  },
}

/** The actions in the order of the page. */
export const userActions: readonly UserAction[] = [
  suspend,
  restore,
  endSessions,
  sendReset,
  removeFactors,
  remove,
]
