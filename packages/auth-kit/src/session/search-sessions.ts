import type { SessionData } from 'express-session'
import { fewAtATime } from './few-at-a-time.ts'
import type { SessionCache, UserIndex } from './session-cache.ts'
import { parseSession } from './session-content.ts'

type Deps = {
  cache: Pick<SessionCache, 'scanSessions'>
  index: Pick<UserIndex, 'listSearches' | 'completeSearches'>
  /** Ends a session unless it is live in its user's epoch, as Redis itself knows it. */
  endStale: (userId: string, found: Found) => Promise<unknown>
}

type Found = { id: string; session: SessionData }

/**
 * A search for the sessions of users whose sessions have ended: those that a stock app made are in
 * no index. One pass over all sessions serves every user on the list; who comes onto it meanwhile
 * is served by the next pass, and so is what a process left that was killed.
 *
 * @returns runs the search, or joins the one under way; resolves when nothing is left on the list
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

/** One pass; false if there was nothing to search for. */
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
  // Not `userOf`: a stock app honours a user with fewer fields, too.
  const userId = session?.passport?.user?.id
  if (session && userId !== undefined && userIds.has(userId))
    await endStale(userId, { id, session })
}
