import type { Epoch, Member } from './epoch.ts'

/** How long a stored session lives. */
export type Lifetime = {
  /** It ends after this time without use, ms. */
  idleMs: number
  /** It ends at this time at the latest, ms since 1970. */
  endsAt: number
  /** A session without a user. It is refused first when the cache is nearly full. */
  isVisitor?: boolean
}

/** The outcome of an update: stored, too late because the session ended, or overtaken by a request. */
export type UpdateOutcome =
  | { outcome: 'updated' }
  | { outcome: 'ended' }
  | { outcome: 'overtaken'; current: string }

/**
 * Stores sessions as JSON by id. Each operation is atomic. A deleted session stays deleted: neither an
 * operation here nor a plain write that bypasses this interface revives it.
 */
export type SessionCache = {
  /** The session's JSON, or null if it does not exist or has ended. */
  getSession(id: string): Promise<string | null>
  /** Stores a new session. False if the id is taken, or was used by a session that has ended. */
  addSession(id: string, json: string, lifetime: Lifetime): Promise<boolean>
  /** Replaces the session by `json` if it still equals `expected`. */
  updateSession(
    id: string,
    change: { expected: string; json: string; lifetime: Lifetime },
  ): Promise<UpdateOutcome>
  /** Ends a session for good. Returns its JSON, or null if it did not exist. */
  deleteSession(id: string, rememberForMs: number): Promise<string | null>
  /** All sessions, in batches. Slow; for sessions that are in no index. */
  scanSessions(): AsyncIterable<{ id: string; json: string }[]>
  /** The session, if it is cached in memory and known to be current. */
  peekSession?(id: string): KnownSession | undefined
  /**
   * Calls back when a session, all sessions of a user, or any session may have changed or ended, here
   * or elsewhere. Returns a function that stops it.
   */
  onChange?(listener: (change: SessionChange) => void): () => void
  /** The content and effect of the in-memory cache. */
  stats?(): CacheStats
  /** Closes the connections it opened itself, not the given client. */
  close?(): void
}

/** What may have changed or ended: a session, all sessions of a user, or any session. */
export type SessionChange = { sessionId: string } | { userId: string } | 'any'

/** A cached session. The same object until it changes. */
export type KnownSession = { readonly json: string }

/** What an in-memory cache has done since it was created, and what it holds. */
export type CacheStats = {
  /** `on`, or unused: `waiting` for Redis to report changes, or `refused` if it does not. */
  state: 'on' | 'waiting' | 'refused'
  hits: number
  misses: number
  /** Entries evicted because they changed. */
  invalidations: number
  /** How often the cache was emptied, for example after a lost connection. */
  flushes: number
  entries: number
  bytes: number
  /** Time since it was last emptied, ms. 0 while it is off. */
  ageMs: number
}

/** The sessions of each user, and the user's epoch, which each live session carries. */
export type UserIndex = {
  /** The ids of a user's sessions, without expired ones. */
  read(userId: string): Promise<string[]>
  /** Adds a session or moves its end (ms since 1970). */
  add(userId: string, sessionId: string, endsAt: number): Promise<void>
  remove(userId: string, sessionIds: string[]): Promise<void>
  /** The user's epoch, or null. May come from a cache that learns of every change. */
  readEpoch(userId: string): Promise<Epoch | null>
  /** The epoch, if it is cached in memory and known to be current. */
  peekEpoch?(userId: string): Epoch | undefined
  /** The epoch, never from a cache. Starts one if there is none, and keeps it for `keepForMs`. */
  openEpoch(userId: string, keepForMs: number): Promise<Epoch>
  /**
   * Ends all sessions of a user with one write, except `spared` if it is live at that moment. Marks the
   * search for sessions without an epoch as due first, so that none of them is adopted meanwhile.
   */
  startEpoch(userId: string, options: { keepForMs: number; spared: Member | null }): Promise<void>
  /** Whether a search for sessions of the user is due. */
  isSearchDue(userId: string): Promise<boolean>
  listSearches(): Promise<Search[]>
  /** Removes searches from the list, unless the user's sessions have been ended again since. */
  completeSearches(searches: Search[]): Promise<void>
}

/** A user whose sessions must be searched for, and the epoch whose start requires it. */
export type Search = { userId: string; epoch: string }
