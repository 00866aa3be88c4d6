import type { AuditSource } from '../audit/audit-record-of.ts'
import type { Audit } from '../audit/create-audit.ts'
import { findUserByLogin } from '../users/find-user.ts'
import { beginDeletion, completeDeletion, type DeletionDeps } from './delete-user.ts'

export type RemovalDeps = DeletionDeps & { audit: Audit }

/**
 * Frees an address for whoever has just shown that its mailbox is theirs: removes the account that
 * somebody else signed up with it and never confirmed.
 *
 * @returns whether there was one
 */
export async function removeUnconfirmed(
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
