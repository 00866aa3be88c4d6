import { unavailable } from 'service-kit'
import { checkReckoning, reckonDatabaseTime } from './database-clock.ts'
import type { Family } from './family.model.ts'
import { type FamilyDeps, stateOfFamily } from './find-family.ts'
import { noteUndelivered } from './undelivered-rotation.ts'
import { isLate, writeRotation } from './write-rotation.ts'

type CurrentToken = { id: string; counter: number; clientId: string; expiresAt: Date }

/**
 * The usual refresh: rotates a family from its current token, with two MongoDB commands and one Redis
 * command. The write itself checks that the token is current and that the family is active and belongs
 * to the client. The SSO session is checked after the write: if it has ended, no token is issued. If an
 * outage prevents the answer, the next request gets the rotation.
 *
 * @param audiences the audiences that the family may have
 * @returns undefined if the token is not current or the family does not match; `ended` if the SSO
 *   session is over
 * @throws Problem 503 if a store does not answer, or answers late
 */
export async function rotateCurrentToken(
  deps: FamilyDeps,
  { id, counter, clientId, expiresAt }: CurrentToken,
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
 * Whether a rotated family and its SSO session are both still active. If that cannot be checked, the
 * next request gets the rotation.
 */
export async function isStillActive(deps: FamilyDeps, family: Family): Promise<boolean> {
  try {
    return (await stateOfFamily(deps, family)) === 'active'
  } catch (error) {
    if (family.attemptId !== null) await noteUndelivered(deps, family.attemptId, family.expiresAt)
    throw error
  }
}
