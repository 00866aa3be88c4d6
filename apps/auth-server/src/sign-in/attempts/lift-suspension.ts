import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { networkOf } from '../../http/client-address.ts'
import { forgetFailures } from './count-failures.ts'
import { dropCopy } from './suspension-copy.ts'
import type { SuspensionDeps } from './attempt-deps.ts'

type Deps = Pick<SuspensionDeps, 'suspensions' | 'redis' | 'keyPrefix'> & { audit: Audit }

/**
 * Lifts the suspension of a network address, given as itself or as any address of its /64. It also
 * forgets what led to it, so that the next suspension is a first one again.
 *
 * The copy in Redis goes first. While Redis is down this throws, and nothing is lifted. While MongoDB
 * alone is away this throws too, but the copy is gone by then. So the audit log is told as soon as
 * one of the two is removed.
 *
 * @returns the address as it was suspended; null if it was not
 */
export async function liftSuspension(
  deps: Deps,
  { address: given, from }: { address: string; from: AuditSource },
): Promise<string | null> {
  const address = networkOf(given.trim()) ?? given
  await forgetFailures(deps, { kind: 'address', of: address })
  const hadCopy = await dropCopy(deps, address)
  if (hadCopy) deps.audit.suspensionLifted(from, { address })
  const { deletedCount } = await deps.suspensions.deleteOne({ _id: address })
  const isLifted = hadCopy || deletedCount === 1
  if (isLifted && !hadCopy) deps.audit.suspensionLifted(from, { address })
  return isLifted ? address : null
}
