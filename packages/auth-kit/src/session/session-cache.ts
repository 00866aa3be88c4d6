import type { Epoch, Member } from './epoch.ts'

/** How long a stored session lives. */
export type Lifetime = {
  /** Until it was not used for so many ms. */
  idleMs: number
  /** Never beyond this moment, ms since 1970. */
  endsAt: number
  /** A session without a user: refused first when the cache runs full. */
  isVisitor?: boolean
}

/**
 * What came of an update: done; too late, since the session ended; or overtaken by another request.
 */
export type UpdateOutcome =
  | { outcome: 'updated' }
  | { outcome: 'ended' }
  | { outcome: 'overtaken'; current: string }

/**
 * Where sessions are kept, as JSON by id. Each operation is atomic, and a session that was deleted
 * stays away: no operation here brings it back, nor does a plain write past this interface.
 */
export type SessionCache = {
  /** The session's JSON, or null if there is none or it has ended. */
  getSession(id: string): Promise<string | null>
  /** Keeps a new session; false if the id is taken or has ended. */
  addSession(id: string, json: string, lifetime: Lifetime): Promise<boolean>
  /** Replaces `expected` by `json` where the session still is what was expected. */
  updateSession(
    id: string,
    change: { expected: string; json: string; lifetime: Lifetime },
  ): Promise<UpdateOutcome>
  /** Ends a session for good; gives the JSON it had, null if there was none. */
  deleteSession(id: string, rememberForMs: number): Promise<string | null>
  /** Every session there is, a batch at a time: slow, for what no index knows. */
  scanSessions(): AsyncIterable<{ id: string; json: string }[]>
  /** The session without asking anybody, where it is here and known to be current. */
  peekSession?(id: string): KnownSession | undefined
  /**
   * Calls back when a session, all of a user or any of them may have changed or ended, here or
   * elsewhere. Gives what stops it.
   */
  onChange?(listener: (change: SessionChange) => void): () => void
  /** What is kept in memory, and how much that helped. */
  stats?(): CacheStats
  /** Ends what it opened besides the client it was given. */
  close?(): void
}

/** What may have changed or ended: a session, all of a user, or any. */
export type SessionChange = { sessionId: string } | { userId: string } | 'any'

/** A session in memory: the same object for as long as it does not change. */
export type KnownSession = { readonly json: string }

/** What a cache in memory did since it was made, and what it holds. */
export type CacheStats = {
  /** `on`, or not used: `waiting` to be told of changes, or `refused` since Redis does not tell. */
  state: 'on' | 'waiting' | 'refused'
  hits: number
  misses: number
  /** Entries that were let go since they changed. */
  invalidations: number
  /** How often all were let go, as when the connection was lost. */
  flushes: number
  entries: number
  bytes: number
  /** Since when it was not emptied, ms; 0 while it is off. */
  ageMs: number
}

/** The sessions of each user, and the epoch that each of these sessions carries a copy of. */
export type UserIndex = {
  /** The ids of a user's sessions, expired ones left out. */
  read(userId: string): Promise<string[]>
  /** Adds a session or moves its end (ms since 1970). */
  add(userId: string, sessionId: string, endsAt: number): Promise<void>
  remove(userId: string, sessionIds: string[]): Promise<void>
  /** The user's epoch, null if there is none. May come from a cache that learns of every change. */
  readEpoch(userId: string): Promise<Epoch | null>
  /** The epoch without asking anybody, where it is here and known to be current. */
  peekEpoch?(userId: string): Epoch | undefined
  /** The same, never from a cache; begins one if there is none, and keeps it for `keepForMs`. */
  openEpoch(userId: string, keepForMs: number): Promise<Epoch>
  /**
   * Ends all of a user's sessions by one write, except `spared` if that is live at this moment. A
   * search for sessions without an epoch is due first: nobody adopts such a session meanwhile.
   */
  startEpoch(userId: string, options: { keepForMs: number; spared: Member | null }): Promise<void>
  /** Whether sessions of the user are still to be searched for. */
  isSearchDue(userId: string): Promise<boolean>
  listSearches(): Promise<Search[]>
  /** Takes searches off the list, except where the user's sessions were ended again since. */
  completeSearches(searches: Search[]): Promise<void>
}

/** Users whose sessions are to be searched for, and the end that asked for it. */
export type Search = { userId: string; epoch: string }
