import { networkOf } from '../http/client-address.ts'
import { forgetFailures } from './count-failures.ts'
import { dropCopy } from './suspension-copy.ts'
import type { SuspensionDeps } from './suspension-deps.ts'

/**
 * Lifts the suspension of a network address, given as itself or as any address of its /64. It also
 * forgets what led to it, so that the next suspension is a first one again.
 *
 * @returns the address as it was suspended; null where it was not
 */
export async function liftSuspension(
  deps: Pick<SuspensionDeps, 'suspensions' | 'redis' | 'keyPrefix'>,
  given: string,
): Promise<string | null> {
  const address = networkOf(given.trim()) ?? given
  const { deletedCount } = await deps.suspensions.deleteOne({ _id: address })
  await dropCopy(deps, address)
  await forgetFailures(deps, { kind: 'address', of: address })
  return deletedCount === 1 ? address : null
}
