import type { Epoch } from '../session/epoch.ts'
import type {
  CacheStats,
  KnownSession,
  SessionCache,
  SessionChange,
  UserIndex,
} from '../session/session-cache.ts'
import { checkKeys, type RedisSessionOptions } from './check-keys.ts'
import { keysOf, readSession, redisSessionCache } from './redis-session-cache.ts'
import { readStoredEpoch, redisUserIndex } from './redis-user-index.ts'
import { trackKeys } from './track-keys.ts'
import { trackedValues, type TrackedValues } from './tracked-values.ts'

/** Enough for the hot sessions of a busy server, at a modest size. */
const MOST = { entries: 50_000, bytes: 64 * 2 ** 20 }

/** Overhead of an entry beside its text, in bytes: keys, objects, fields of the LRU list. */
const ENTRY_BYTES = 400

export type CoherentOptions = RedisSessionOptions & {
  /** Called once, with the reason, if Redis does not report changes: every read then goes to Redis. */
  onCacheOff?: ((reason: string) => void) | undefined
}

/**
 * `redisSessionCache` and `redisUserIndex` with an in-process cache of sessions and epochs. It is
 * used only while Redis reports every change (`CLIENT TRACKING`, Redis 6 or later). Reading a cached
 * session costs no round trip. A session that ends elsewhere leaves the cache within milliseconds,
 * or within a second if the network loses the message.
 *
 * Entries that this process changes are evicted before and after the change, so that no read returns
 * an older value once the change is answered.
 *
 * @example
 * const { cache, index } = coherentSessions({ redis })
 * const store = new SessionStore({ cache, index, limits })
 *
 * @throws TypeError immediately, if an option is invalid. The methods throw as those of
 *   `redisSessionCache`
 */
export function coherentSessions(options: CoherentOptions): {
  cache: SessionCache
  index: UserIndex
} {
  const { redis, prefix = 'sess:', onCacheOff = warn } = options
  checkKeys(redis, prefix)
  const listeners = new Set<(change: SessionChange) => void>()
  let isRefused = false

  const tracking = trackKeys({
    redis,
    prefixes: trackedPrefixes(prefix),
    probeKey: (name) => keysOf(prefix, name)[1],
    onChange: (keys) => {
      if (keys) for (const key of keys) change(changeOf(key, prefix))
      else change('any')
    },
    onOff: (reason) => {
      if (!isRefused) onCacheOff(reason)
      isRefused = true
    },
  })
  const sessions = trackedValues<KnownSession>({
    tracking,
    most: MOST,
    async read(id) {
      const found = await readSession(options, id)
      if (!found) return null
      const { json, livesForMs } = found
      return { value: { json }, livesForMs, bytes: json.length + ENTRY_BYTES }
    },
  })
  const epochs = trackedValues<Epoch>({
    tracking,
    most: MOST,
    async read(userId) {
      const found = await readStoredEpoch(options, userId)
      return found && { value: found.epoch, livesForMs: found.livesForMs, bytes: ENTRY_BYTES }
    },
  })

  function change(what: SessionChange): void {
    if (what === 'any') {
      sessions.clear()
      epochs.clear()
    } else if ('userId' in what) epochs.evict(what.userId)
    else sessions.evict(what.sessionId)
    for (const listener of listeners) listener(what)
  }

  const state = () => (tracking.isTrusted() ? 'on' : isRefused ? 'refused' : 'waiting')

  tracking.start()
  return {
    cache: {
      ...keptSessions(redisSessionCache(options), sessions),
      async getSession(id) {
        tracking.start() // In case the client was closed and opened again.
        return (await sessions.get(id))?.json ?? null
      },
      onChange(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      stats: (): CacheStats => ({ state: state(), ...sessions.stats() }),
      close: () => tracking.close(),
    },
    index: keptEpochs(redisUserIndex(options), epochs),
  }
}

function keptSessions(
  stored: SessionCache,
  sessions: TrackedValues<KnownSession>,
): Omit<SessionCache, 'getSession'> {
  return {
    peekSession: (id) => sessions.peek(id),
    addSession: (id, ...rest) => changing(sessions, id, () => stored.addSession(id, ...rest)),
    updateSession: (id, ...rest) => changing(sessions, id, () => stored.updateSession(id, ...rest)),
    deleteSession: (id, ...rest) => changing(sessions, id, () => stored.deleteSession(id, ...rest)),
    scanSessions: () => stored.scanSessions(),
  }
}

function keptEpochs(stored: UserIndex, epochs: TrackedValues<Epoch>): UserIndex {
  return {
    ...stored,
    peekEpoch: (userId) => epochs.peek(userId),
    readEpoch: (userId) => epochs.get(userId),
    openEpoch: (userId, ...rest) =>
      changing(epochs, userId, () => stored.openEpoch(userId, ...rest)),
    startEpoch: (userId, ...rest) =>
      changing(epochs, userId, () => stored.startEpoch(userId, ...rest)),
  }
}

/** Evicts even if the work fails: Redis may have done it although the answer was lost. */
async function changing<Result>(
  values: TrackedValues<unknown>,
  id: string,
  work: () => Promise<Result>,
): Promise<Result> {
  values.evict(id)
  try {
    return await work()
  } finally {
    values.evict(id)
  }
}

const tombstonesOf = (prefix: string) => `ended:{${prefix}`
const epochsOf = (prefix: string) => `epoch-of:{${prefix}`

/** Redis refuses overlapping prefixes. */
function trackedPrefixes(prefix: string): string[] {
  const others = [tombstonesOf(prefix), epochsOf(prefix)]
  return [prefix, ...others.filter((other) => !other.startsWith(prefix))]
}

function changeOf(key: string, prefix: string): SessionChange {
  const [tombstones, epochs] = [tombstonesOf(prefix), epochsOf(prefix)]
  if (key.startsWith(tombstones)) return { sessionId: key.slice(tombstones.length, -1) }
  if (key.startsWith(epochs)) return { userId: key.slice(epochs.length, -1) }
  return { sessionId: key.slice(prefix.length) }
}

function warn(reason: string): void {
  process.emitWarning(`Sessions are not cached in memory: ${reason}.`, {
    code: 'SESSION_CACHE_OFF',
  })
}
