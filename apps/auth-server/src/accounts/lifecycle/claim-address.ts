import { Problem } from 'service-kit'
import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import { findUserByLogin } from '../../users/find-user.ts'
import { beginDeletion, completeDeletion, type DeletionDeps } from './delete-user.ts'

export type RemovalDeps = DeletionDeps & { audit: Audit }

/**
 * Runs `write`, which gives an account an address that its user has just proved to be theirs. If an
 * account that was never confirmed has the address, that account is deleted and `write` runs again.
 *
 * @throws what `write` throws: a duplicate key, or the Problem made of it, if a confirmed account has
 *   the address
 */
export async function claimAddress<Result>(
  deps: RemovalDeps,
  { email, from }: { email: string; from: AuditSource },
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    const isTaken = isDuplicate(error instanceof Problem ? error.cause : error)
    if (!isTaken || !(await removeUnconfirmed(deps, { email, from }))) throw error
    return await write()
  }
}

async function removeUnconfirmed(
  deps: RemovalDeps,
  { email, from }: { email: string; from: AuditSource },
): Promise<boolean> {
  const holder = await findUserByLogin(deps.users, email)
  if (!holder || holder.verifiedAt) return false
  if (!(await beginDeletion(deps.users, holder.id, { unconfirmedOnly: true }))) return false
  deps.audit.accountDeleted(from, { user: holder })
  await completeDeletion(deps, holder)
  return true
}
