import type { SessionStore } from 'auth-kit/session'
import { Types } from 'mongoose'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { Invites } from '../invitations/invite.model.ts'
import { markInviteUsed } from '../invitations/mark-invite-used.ts'
import { endSignInsOfUser } from '../../sessions/end-sign-ins.ts'
import type { SignIns } from '../../sessions/sign-in.model.ts'
import { removeFactors } from '../../sign-in/factors/change-factors.ts'
import type { FactorStore } from '../../sign-in/factors/factors.model.ts'
import type { User, Users } from '../../users/user.model.ts'

export type DeletionDeps = {
  users: Users
  invites: Invites
  signIns: SignIns
  factors: FactorStore
  store: SessionStore
}

/**
 * The session of a user who deletes their own account. It ends last, so that they can retry until
 * then.
 */
export type LastSession = { id: string; end: () => Promise<void> }

type Deletion = { from: AuditSource; lastSession?: LastSession }

/**
 * Deletes a user. Once begun, the deletion is always completed, so the audit event is recorded at the
 * beginning. A retry records it again, because it cannot know whether the first attempt did.
 */
export async function deleteUser(
  deps: DeletionDeps & { audit: Audit },
  user: User,
  { from, lastSession }: Deletion,
): Promise<void> {
  await beginDeletion(deps.users, user.id)
  deps.audit.accountDeleted(from, { user })
  await completeDeletion(deps, user, lastSession)
}

/**
 * Begins to delete a user. From then on nobody can sign in as them, and the sweep completes what
 * this process does not. Beginning again is fine.
 *
 * @param options.unconfirmedOnly leaves a confirmed account alone
 * @returns whether the deletion has begun
 */
export async function beginDeletion(
  users: Users,
  userId: string,
  { unconfirmedOnly = false }: { unconfirmedOnly?: boolean } = {},
): Promise<boolean> {
  const id = new Types.ObjectId(userId)
  const state = unconfirmedOnly ? { verifiedAt: null } : {}
  const deleting = { $set: { deletingAt: new Date(), pendingEmail: null } }
  const begun = await users.updateOne({ _id: id, deletingAt: null, ...state }, deleting)
  return begun.matchedCount === 1 || !(await users.exists({ _id: id, deletingAt: null }))
}

/**
 * Completes the deletion: ends sessions and tokens, drops unsent e-mails, marks the user's invites as
 * used, removes the second factors, and removes the document last. Every step can be repeated, so a
 * retry or the sweep continues from where it stopped.
 */
export async function completeDeletion(
  { users, invites, signIns, factors, store }: DeletionDeps,
  user: Pick<User, 'id' | 'claimed'>,
  lastSession?: LastSession,
): Promise<void> {
  const id = new Types.ObjectId(user.id)
  await store.endSessions(user.id, lastSession ? { except: lastSession.id } : {})
  await endSignInsOfUser(signIns, user.id)
  await users.updateOne({ _id: id }, { $set: { outbox: [] } })
  await Promise.all(
    user.claimed.map(({ invite }) => markInviteUsed(invites, { invite, usedBy: user.id })),
  )
  await removeFactors(factors, user.id)
  await lastSession?.end()
  await users.deleteOne({ _id: id, deletingAt: { $ne: null } })
}
