import type { SessionData } from 'express-session'
import { isLiveIn, type Member } from './epoch.ts'
import type { UserIndex } from './session-cache.ts'
import { userOf, type SessionContent } from './session-content.ts'
import { changeStamps, stampsOf } from './session-stamps.ts'

type Deps = {
  index: Pick<UserIndex, 'readEpoch' | 'openEpoch' | 'startEpoch'>
  /** How long an epoch is kept after a sign-in, ms: longer than any session lives. */
  keepForMs: number
  endSession: (id: string) => Promise<unknown>
}

type Found = { id: string; session: SessionData }

const memberOf = ({ id, session }: Found) => ({ id, carried: stampsOf(session).epoch })

/** The epochs of users, which decide whether a stored session is live. */
export function sessionEpochs({ index, keepForMs, endSession }: Deps) {
  const open = async (userId: string) => await index.openEpoch(userId, keepForMs)

  /** Puts the session into the current epoch of its user, if it has one. */
  async function join(session: SessionContent): Promise<void> {
    const user = userOf(session)
    if (!user) return
    const { id } = await open(user.id)
    changeStamps(session, { epoch: { userId: user.id, id } })
  }

  /** Whether a session may be honoured. If not, ends it for stock apps, too. */
  async function isLive(found: Found): Promise<boolean> {
    const user = userOf(found.session)
    if (!user || isLiveIn(await index.readEpoch(user.id), user.id, memberOf(found))) return true
    return !(await endIfStale(user.id, found))
  }

  /** Ends a session unless it is live. Asks Redis, since a cached epoch may be older than the session. */
  async function endIfStale(userId: string, found: Found): Promise<boolean> {
    if (isLiveIn(await open(userId), userId, memberOf(found))) return false
    await endSession(found.id)
    return true
  }

  const start = (userId: string, spared: Member | null) =>
    index.startEpoch(userId, { keepForMs, spared })

  return { open, start, join, isLive, endIfStale }
}
