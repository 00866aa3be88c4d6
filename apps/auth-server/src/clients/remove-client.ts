import type { Clients } from './client.model.ts'

/**
 * Removes a client. That ends its tokens at once wherever this server is asked: its keys are
 * published no longer, and no family of a client that is gone is active.
 *
 * @returns whether there was one
 */
export async function removeClient(clients: Clients, id: string): Promise<boolean> {
  const { deletedCount } = await clients.deleteOne({ _id: id })
  return deletedCount === 1
}
