import type { AuditSource } from '../../audit/build-audit-record.ts'
import type { Audit } from '../../audit/create-audit.ts'
import type { Families } from '../families/family.model.ts'
import type { Clients } from './client.model.ts'
import { findClient } from './find-client.ts'

type Deps = { clients: Clients; families: Families; audit: Audit }

/**
 * Removes a client. This server refuses its tokens at once: its keys are no longer published, and its
 * families end, so that they stay ended even if the client is added again.
 *
 * The families end first, so that a retry after an outage still finds the client. They end again last,
 * to catch those that began in between. Removing an unknown client does no harm.
 */
export async function removeClient(
  { clients, families, audit }: Deps,
  { id, from }: { id: string; from: AuditSource },
): Promise<void> {
  const client = await findClient(clients, id)
  await endFamiliesOf(families, id)
  const { deletedCount } = await clients.deleteOne({ _id: id })
  if (client && deletedCount === 1) audit.clientRemoved(from, { client })
  await endFamiliesOf(families, id)
}

async function endFamiliesOf(families: Families, clientId: string): Promise<void> {
  const ended = { revokedAt: new Date(), revokedBecause: 'revoked' } as const
  await families.updateMany({ clientId: { $eq: clientId }, revokedAt: null }, { $set: ended })
}
