import type { UserDirectory } from './user-directory.ts'

/** Whether a user may have tokens: there, not suspended, not being deleted. */
export async function isUserActive(directory: UserDirectory, id: string): Promise<boolean> {
  const user = await directory.findById(id)
  return user !== null && user.suspendedAt === null && user.deletingAt === null
}
