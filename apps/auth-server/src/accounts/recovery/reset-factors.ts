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
 * For a user who has lost every second factor: removes all factors and recovery codes, ends every
 * session and informs the user by e-mail. It can be repeated, and then completes what was interrupted.
 */
export async function resetFactors(
  deps: Deps,
  user: User,
  { from }: { from: AuditSource },
): Promise<void> {
  const had = await removeFactors(deps.factors, user.id)
  if (had) {
    deps.audit.factorsReset(from, { user })
    // Without the admin's device and network address, which the user need not know.
    await tellFactorsChanged(deps, null, { user, change: 'factors_reset' })
  }
  await endSessionsOfUser(deps, user, { from })
}
