import type { System } from './start-system.ts'

/** How many users have an e-mail in their outbox. */
export async function countQueued({ users }: Pick<System, 'users'>): Promise<number> {
  return await users.countDocuments({ 'outbox.0': { $exists: true } })
}
