import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { networkOf } from '../../http/client-address.ts'
import { forgetFailures } from './count-failures.ts'
import { dropCopy } from './block-copy.ts'
import type { BlockDeps } from './attempt-deps.ts'

type Deps = Pick<BlockDeps, 'blocks' | 'redis' | 'keyPrefix'> & { audit: Audit }

/**
 * Lifts the block of a network address, given as the address or as any address of its /64. Also resets its
 * failures, so that the next block counts as a first one.
 *
 * Removes the copy in Redis first. Throws while Redis is down, and then nothing is lifted. Throws while
 * MongoDB is down as well, but the copy is already gone. So the event is recorded as soon as either of
 * the two is removed.
 *
 * @returns the address or network that was blocked; null if it was not
 */
export async function liftBlock(
  deps: Deps,
  { address: given, from }: { address: string; from: AuditSource },
): Promise<string | null> {
  const address = networkOf(given.trim()) ?? given
  await forgetFailures(deps, { kind: 'address', of: address })
  const hadCopy = await dropCopy(deps, address)
  if (hadCopy) deps.audit.blockLifted(from, { address })
  const { deletedCount } = await deps.blocks.deleteOne({ _id: address })
  const isLifted = hadCopy || deletedCount === 1
  if (isLifted && !hadCopy) deps.audit.blockLifted(from, { address })
  return isLifted ? address : null
}
