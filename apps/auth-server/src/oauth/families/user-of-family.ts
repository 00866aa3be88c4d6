import type { UserDirectory } from '../../users/user-directory.ts'
import type { Family } from './family.model.ts'

/**
 * The user of a family's tokens, as the audit log names them: by the id alone where the directory
 * does not answer, because telling must not fail what is told.
 */
export async function userOfFamily(
  { directory }: { directory: UserDirectory },
  { userId }: Family,
): Promise<{ id: string; username: string | null }> {
  const user = await directory.findById(userId).catch(() => null)
  return { id: userId, username: user?.username ?? null }
}
