import { unavailable } from 'service-kit'
import { checkReckoning, reckonDatabaseTime } from './database-clock.ts'
import type { Family } from './family.model.ts'
import { type FamilyDeps, stateOfFamily } from './find-family.ts'
import { noteUndelivered } from './undelivered-rotation.ts'
import { isLate, writeRotation } from './write-rotation.ts'

type PresentToken = { id: string; counter: number; clientId: string; expiresAt: Date }

/**
 * The usual refresh: moves a family on from its present token, asking MongoDB twice and Redis once.
 * The write itself finds out whether the token is the present one, and the family the client's and
 * running. The sign-in is looked at after it, so that one that has ended gives nothing out. A rotation
 * that cannot be given because of an outage goes to the next request.
 *
 * @param audiences those that the family may be for
 * @returns undefined if the token is not the present one, or the family is not like that; `ended` if
 *   the sign-in is over
 * @throws Problem 503 if a store does not answer, or answers late
 */
export async function rotatePresent(
  deps: FamilyDeps,
  { id, counter, clientId, expiresAt }: PresentToken,
  audiences: readonly string[],
): Promise<Family | 'ended' | undefined> {
  const now = await reckonDatabaseTime(deps.families)
  const unchanged = {
    _id: id,
    counter,
    clientId,
    revokedAt: null,
    audience: { $in: [...audiences] },
  }
  const rotation = { unchanged, counter: counter + 1, now, expiresAt }
  const family = await writeRotation(deps, rotation)
  if (!family) return undefined
  checkReckoning(deps.families, { asked: now, written: family.rotatedAt })
  if (isLate(family)) throw unavailable(new Error('a rotation was written late'))
  return (await isStillActive(deps, family)) ? family : 'ended'
}

/**
 * Whether neither a rotated family nor its sign-in has ended by now. If that cannot be found out, the
 * rotation goes to the next request.
 */
export async function isStillActive(deps: FamilyDeps, family: Family): Promise<boolean> {
  try {
    return (await stateOfFamily(deps, family)) === 'active'
  } catch (error) {
    if (family.attemptId !== null) await noteUndelivered(deps, family.attemptId, family.expiresAt)
    throw error
  }
}
