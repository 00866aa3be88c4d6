import type { SessionData } from 'express-session'
import { fewAtATime } from './few-at-a-time.ts'
import type { SessionCache, UserIndex } from './session-cache.ts'
import { parseSession } from './session-content.ts'

type Deps = {
  cache: Pick<SessionCache, 'scanSessions'>
  index: Pick<UserIndex, 'listSearches' | 'completeSearches'>
  /** Ends a session unless it is live in its user's epoch, read from Redis. */
  endStale: (userId: string, found: Found) => Promise<unknown>
}

type Found = { id: string; session: SessionData }

/**
 * Searches for leftover sessions of users whose sessions have ended: sessions created by a stock app
 * are in no index. One pass over all sessions serves every user on the list. The next pass serves
 * users added meanwhile, and those left over by a killed process.
 *
 * @returns a function that runs the search or joins the current one; it resolves when the list is empty
 */
export function sessionSearch(deps: Deps): () => Promise<void> {
  let running: Promise<void> | undefined
  let isAskedAgain = false

  async function searchAll(): Promise<void> {
    try {
      do {
        isAskedAgain = false
        // oxlint-disable-next-line no-await-in-loop
      } while ((await searchOnce(deps)) || isAskedAgain)
    } finally {
      running = undefined
    }
  }

  return function search() {
    isAskedAgain = true
    running ??= searchAll()
    return running
  }
}

/** One pass. False if there was nothing to search for. */
async function searchOnce({ cache, index, endStale }: Deps): Promise<boolean> {
  const searches = await index.listSearches()
  if (searches.length === 0) return false
  const userIds = new Set(searches.map(({ userId }) => userId))
  const quotedIds = [...userIds].map((id) => JSON.stringify(id))
  for await (const batch of cache.scanSessions()) {
    const likely = batch.filter(({ json }) => quotedIds.some((id) => json.includes(id)))
    await fewAtATime(likely, (stored) => judge(stored, { userIds, endStale }))
  }
  await index.completeSearches(searches)
  return true
}

async function judge(
  { id, json }: { id: string; json: string },
  { userIds, endStale }: { userIds: Set<string>; endStale: Deps['endStale'] },
): Promise<void> {
  const session = parseSession(json)
  // Not `userOf`: a stock app also honours a user with missing fields.
  const userId = session?.passport?.user?.id
  if (session && userId !== undefined && userIds.has(userId))
    await endStale(userId, { id, session })
}

/** Ends every session that the cache holds. @returns how many */
export async function endAll(
  cache: Pick<SessionCache, 'scanSessions'>,
  endSession: (id: string) => Promise<unknown>,
): Promise<number> {
  let ended = 0
  for await (const batch of cache.scanSessions()) {
    await fewAtATime(batch, ({ id }) => endSession(id))
    ended += batch.length
  }
  return ended
}
