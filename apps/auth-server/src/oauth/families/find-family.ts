import type { RedisClient } from 'auth-kit/session'
import { isSignInToEnd } from '../../sessions/end-sign-ins.ts'
import { type Families, type Family, toFamily } from './family.model.ts'
import type { SignIns } from '../../sessions/sign-in.model.ts'
import type { UserDirectory } from '../../users/user-directory.ts'

export type FamilyDeps = {
  families: Families
  signIns: SignIns
  redis: RedisClient
  keyPrefix: string
}

type FamilyState = 'active' | 'expired' | 'revoked'

/** The family with this id. */
export async function findFamily(families: Families, id: string): Promise<Family | null> {
  const record = await families.findOne({ _id: id }).lean()
  return record && toFamily(record)
}

/** A user's families that have issued refresh tokens. */
export async function listFamilies(families: Families, userId: string): Promise<Family[]> {
  const records = await families.find({ userId: { $eq: userId }, counter: { $gt: 0 } }).lean()
  return records.map(toFamily)
}

/** Whether a family still issues tokens: neither it nor its SSO session has ended. */
export async function stateOfFamily(deps: FamilyDeps, family: Family): Promise<FamilyState> {
  if (family.revokedAt) return 'revoked'
  const [signIn, isToEnd] = await Promise.all([
    deps.signIns.findOne({ _id: family.signInId }).lean(),
    isSignInToEnd(deps, family.signInId),
  ])
  if (!signIn || signIn.endedAt || isToEnd) return 'revoked'
  // Both times count: an SSO session that has expired may begin again, but its old families do not.
  return Math.min(family.expiresAt.getTime(), signIn.expiresAt.getTime()) <= Date.now()
    ? 'expired'
    : 'active'
}

/**
 * The user of a family, as the audit log names them. While the directory is down it is the id alone,
 * because a log entry must not fail the action that it records.
 */
export async function userOfFamily(
  { directory }: { directory: UserDirectory },
  { userId }: Family,
): Promise<{ id: string; username: string | null }> {
  const user = await directory.findById(userId).catch(() => null)
  return { id: userId, username: user?.username ?? null }
}
