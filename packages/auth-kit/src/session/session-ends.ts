import { fewAtATime } from './few-at-a-time.ts'
import type { SessionChange } from './session-cache.ts'
import { userOf } from './session-content.ts'
import type { SessionStore } from './session-store.ts'

/** How often to look if Redis reports changes, ms: expiries may be reported late. */
const LOOK_WHEN_TOLD_MS = 10_000
/** How often to look if it does not, ms: an end must be noticed within a second. */
const LOOK_MS = 500

type Watched = { callbacks: Set<() => void>; userId?: string | undefined }

/**
 * Calls back when sessions end, on any server. Looks at a session at once when the cache reports a
 * change, and at all watched sessions regularly. While Redis is down, no session counts as ended.
 */
export function sessionEnds(store: SessionStore) {
  const watched = new Map<string, Watched>()
  let timer: NodeJS.Timeout | undefined
  let stopListening: (() => void) | undefined

  async function look(id: string): Promise<void> {
    const known = watched.get(id)
    if (!known || (known.userId !== undefined && store.peek(id)?.user?.id === known.userId)) return
    const session = await store.getSession(id)
    const userId = session ? userOf(session)?.id : undefined
    if (session && (known.userId === undefined || known.userId === userId)) known.userId = userId
    else end(id, known)
  }

  function end(id: string, { callbacks }: Watched): void {
    watched.delete(id)
    // An error in a callback belongs to the app, as with an event listener.
    for (const callback of callbacks) queueMicrotask(callback)
    callbacks.clear()
  }

  /** Ignores errors: the timer looks again. */
  const lookAt = (ids: Iterable<string>) =>
    fewAtATime([...ids], (id) => look(id).catch(() => undefined))

  function onChange(change: SessionChange): void {
    if (change === 'any') lookSoon(0)
    else if ('sessionId' in change) void lookAt([change.sessionId])
    else {
      const of = [...watched].filter(([, { userId = change.userId }]) => userId === change.userId)
      void lookAt(of.map(([id]) => id))
    }
  }

  function lookSoon(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void keepLooking(), ms).unref()
  }

  async function keepLooking(): Promise<void> {
    await lookAt(watched.keys())
    if (watched.size === 0) return close()
    lookSoon(store.cacheStats()?.state === 'on' ? LOOK_WHEN_TOLD_MS : LOOK_MS)
  }

  function close(): void {
    watched.clear()
    clearTimeout(timer)
    stopListening?.()
    stopListening = undefined
  }

  return {
    /** Calls back once, when the session ends or if it already has. Returns a function that stops it. */
    watch(id: string, callback: () => void): () => void {
      const known = watched.get(id) ?? { callbacks: new Set() }
      watched.set(id, known)
      known.callbacks.add(callback)
      if (!stopListening) {
        stopListening = store.onChange(onChange)
        lookSoon(LOOK_MS)
      }
      void lookAt([id])
      return function stop() {
        known.callbacks.delete(callback)
        if (known.callbacks.size === 0 && watched.get(id) === known) watched.delete(id)
      }
    },
    close,
  }
}
