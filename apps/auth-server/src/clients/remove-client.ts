import type { Families } from '../tokens/family.model.ts'
import type { Clients } from './client.model.ts'

/**
 * Removes a client. Wherever this server is asked, that ends its tokens at once: its keys are no
 * longer published, and its families end, so that they stay ended should it be made again.
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
