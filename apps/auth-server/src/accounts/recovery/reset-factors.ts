import type { AuditSource } from '../../audit/build-audit-record.ts'
import { endSessionsOfUser } from '../../sessions/end-user-sessions.ts'
import { removeFactors } from '../../sign-in/factors/change-factors.ts'
import { tellFactorsChanged } from '../../sign-in/factors/tell-factors-changed.ts'
import type { User } from '../../users/user.model.ts'
import type { AccountDeps } from '../account-deps.ts'

type Deps = Pick<
  AccountDeps,
  'config' | 'users' | 'factors' | 'store' | 'signIns' | 'relay' | 'logger' | 'audit'
>

/**
 * For a user who has lost everything: removes every second factor and recovery code, ends every
 * session, and tells the user by e-mail. Doing it again is fine, and completes what was cut short.
 */
export async function resetFactors(
  deps: Deps,
  user: User,
  { from }: { from: AuditSource },
): Promise<void> {
  const had = await removeFactors(deps.factors, user.id)
  if (had) {
    deps.audit.factorsReset(from, { user })
    // Without the admin's device and address, which are no affair of the user's.
    await tellFactorsChanged(deps, null, { user, change: 'factors_reset' })
  }
  await endSessionsOfUser(deps, user, { from })
}
