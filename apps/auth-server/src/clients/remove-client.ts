import type { Families } from '../tokens/family.model.ts'
import type { Clients } from './client.model.ts'

/**
 * Removes a client. That ends its tokens at once wherever this server is asked: its keys are
 * published no longer, and its families end, so that they stay ended should it be made again.
 *
 * @returns whether there was one
 */
export async function removeClient(
  { clients, families }: { clients: Clients; families: Families },
  id: string,
): Promise<boolean> {
  const { deletedCount } = await clients.deleteOne({ _id: id })
  const ended = { revokedAt: new Date(), revokedBecause: 'revoked' } as const
  await families.updateMany({ clientId: { $eq: id }, revokedAt: null }, { $set: ended })
  return deletedCount === 1
}
