import type { RedisClient } from 'auth-kit/session'
import { isSignInToEnd } from '../../sessions/end-sign-ins.ts'
import { type Families, type Family, toFamily } from './family.model.ts'
import type { SignIns } from '../../sessions/sign-in.model.ts'

export type FamilyDeps = {
  families: Families
  signIns: SignIns
  redis: RedisClient
  keyPrefix: string
}

export type FamilyState = 'active' | 'expired' | 'revoked'

/** The family with that id. */
export async function findFamily(families: Families, id: string): Promise<Family | null> {
  const record = await families.findOne({ _id: id }).lean()
  return record && toFamily(record)
}

/** Whether a family still gives tokens: neither itself nor its sign-in has ended. */
export async function stateOfFamily(deps: FamilyDeps, family: Family): Promise<FamilyState> {
  if (family.revokedAt) return 'revoked'
  const [signIn, isToEnd] = await Promise.all([
    deps.signIns.findOne({ _id: family.signInId }).lean(),
    isSignInToEnd(deps, family.signInId),
  ])
  if (!signIn || signIn.endedAt || isToEnd) return 'revoked'
  // The sign-in's end alone does not tell: it may have begun again since.
  return Math.min(family.expiresAt.getTime(), signIn.expiresAt.getTime()) <= Date.now()
    ? 'expired'
    : 'active'
}
