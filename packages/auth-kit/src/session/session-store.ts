import type { Request } from 'express'
import { Store, type Session, type SessionData } from 'express-session'
import { sessionEnded, sessionIdTaken } from '../errors.ts'
import { checkSize } from './check-size.ts'
import { completeNew, keepStamps } from './complete-session.ts'
import { isLiveIn, type Member } from './epoch.ts'
import { fewAtATime } from './few-at-a-time.ts'
import { leaveEarlierUser } from './one-user.ts'
import { hotSession, type HotSession } from './hot-session.ts'
import { saveChanges, type Seen } from './save-changes.ts'
import { sessionSearch } from './search-sessions.ts'
import type { CacheStats, SessionCache, SessionChange, UserIndex } from './session-cache.ts'
import { checkLimits, endOf, lifetimeOf, useDueAt, type SessionLimits } from './session-limits.ts'
import { sessionEpochs } from './session-epochs.ts'
import { changeStamps, setStamps, shareStamps, stampsOf } from './session-stamps.ts'
import { settle } from './settle.ts'
import {
  isStamped,
  parseSession,
  sameContent,
  stamp,
  userOf,
  type SessionContent,
} from './session-content.ts'

/** An epoch outlives every session that carries it, one begun by a clock that is off included. */
const EPOCH_OUTLIVES_MS = 24 * 60 * 60 * 1000

/**
 * The session store: create, read, update, end, and the sessions of each user.
 *
 * A session that was loaded is only ever updated where it still exists, so that no request under
 * way brings back one that was ended; two requests that change different fields both get their
 * way. It speaks promises (`getSession` …) and, for express-session, callbacks (`get` …).
 *
 * @throws AuthError `sessions_unavailable` (503) from every method when the cache does not answer
 */
export class SessionStore extends Store {
  /** express-session puts it here: a new session for the request. */
  declare generate: (req: Request) => void

  readonly #cache: SessionCache
  readonly #index: UserIndex
  readonly #limits: SessionLimits
  readonly #seen = new WeakMap<object, Seen>()
  readonly #epochs: ReturnType<typeof sessionEpochs>
  readonly #search: () => Promise<void>

  /** @throws TypeError when a limit is no number of whole milliseconds, more than 0 */
  constructor(options: { cache: SessionCache; index: UserIndex; limits: SessionLimits }) {
    super()
    checkLimits(options.limits)
    this.#cache = options.cache
    this.#index = options.index
    this.#limits = options.limits
    this.#epochs = sessionEpochs({
      index: options.index,
      keepForMs: options.limits.absoluteMs + EPOCH_OUTLIVES_MS,
      endSession: (id) => this.deleteSession(id),
    })
    this.#search = sessionSearch({ ...options, endStale: this.#epochs.endIfStale })
  }

  /**
   * The session; null if there is none, it has ended or outlived the absolute limit. Change this
   * very object and give it to `updateSession`.
   */
  async getSession(id: string): Promise<SessionData | null> {
    const json = await this.#cache.getSession(id)
    const session = json === null ? null : parseSession(json)
    if (json === null || session === null) return null
    if (lifetimeOf(session, this.#limits).endsAt <= Date.now()) {
      await this.deleteSession(id)
      return null
    }
    this.#see(session, json)
    if (!isStamped(session)) return (await this.#adopt(id, session)) ? session : null
    return (await this.#epochs.isLive({ id, session })) ? session : null
  }

  /** A session in memory of which a request needs nothing written; see `open`. */
  peek(id: string): HotSession | undefined {
    const known = this.#cache.peekSession?.(id)
    const hot = known && hotSession(known, this.#limits)
    if (!hot?.user) return hot
    const epoch = this.#index.peekEpoch?.(hot.user.id)
    return epoch && isLiveIn(epoch, hot.user.id, { id, carried: hot.epoch }) ? hot : undefined
  }

  /** The session that was peeked at, as `getSession` gives it: an object of its own. */
  open({ json }: HotSession): SessionData | null {
    const session = parseSession(json)
    if (session) this.#see(session, json)
    return session
  }

  /**
   * Keeps a new session. The object gets what every session has: when it began and was last used, the
   * sign-in's id, and the cookie's data where it brings none.
   *
   * @returns nothing: it is stored then
   * @throws AuthError `session_id_taken` (503) if the id was used before, TypeError where the
   *   session is no object, RangeError where it is larger than 64 KB
   */
  async addSession(id: string, session: SessionContent): Promise<void> {
    if (Object(session) !== session) throw new TypeError('addSession: a session is an object')
    completeNew(session, this.#limits.idleMs)
    await this.#epochs.join(session)
    const json = JSON.stringify(session)
    checkSize(json)
    if (!(await this.#cache.addSession(id, json, lifetimeOf(session, this.#limits))))
      throw sessionIdTaken()
    this.#seen.set(session, { json, stored: json })
    await this.#addToIndex(id, session)
  }

  /**
   * Saves what this request changed in a session it loaded or added, and notes its use now and
   * then, which moves its end. The content of any other object, a copy say, takes the place of what
   * is stored now, what others put there meanwhile included.
   *
   * @returns true; false when there is no session of that id (any more), and then nothing is written
   * @throws RangeError if the session becomes larger than 64 KB
   */
  async updateSession(id: string, session: SessionContent): Promise<boolean> {
    const seen = this.#seen.get(session) ?? (await this.#seeNow(id, session))
    if (!seen) return false
    leaveEarlierUser(session)
    const isUse = this.isUseDue(session)
    const use = isUse ? { lastUsedAt: Date.now() } : {}
    const mine = JSON.stringify({ ...session, authKit: { ...stampsOf(session), ...use } })
    const change = { seen, mine, lifetime: lifetimeOf(session, this.#limits) }
    const saved = await saveChanges(this.#cache, id, change)
    if (!saved) return false
    this.#seen.set(session, saved)
    // Not before it is stored: if that failed, the next request notes its use again.
    changeStamps(session, use)
    if (isUse) await this.#addToIndex(id, session)
    return true
  }

  /** Ends a session for good. @returns true; false if there was none, which is fine */
  async deleteSession(id: string): Promise<boolean> {
    const json = await this.#endInCache(id)
    const session = json === null ? null : parseSession(json)
    const user = session && userOf(session)
    if (user) await this.#index.remove(user.id, [id])
    return json !== null
  }

  /** The running sessions of a user. */
  async listSessions(userId: string): Promise<{ id: string; session: SessionData }[]> {
    const sessions = await fewAtATime(await this.#index.read(userId), async (id) => {
      const session = await this.getSession(id)
      if (session && userOf(session)?.id === userId) return [{ id, session }]
      await this.#index.remove(userId, [id])
      return []
    })
    return sessions.flat()
  }

  /**
   * Ends every session of a user, except one that is live. One write ends them for every server of
   * ours, then those in the index are removed, for stock apps as well. What only a search finds,
   * made by a stock app and never seen here, is refused here at once and removed in the background.
   * A sign-in under way notices by the epoch, see `readEpoch`.
   */
  async endSessions(userId: string, options: { except?: string } = {}): Promise<void> {
    const spared = await this.#memberOf(options.except)
    await this.#epochs.start(userId, spared)
    const ids = (await this.#index.read(userId)).filter((id) => id !== options.except)
    await fewAtATime(ids, (id) => this.#endInCache(id))
    // Those that were gone already as well, or they are asked for again each time.
    await this.#index.remove(userId, ids)
    this.completeEnds().catch(() => undefined) // Stays on the list.
  }

  /**
   * Searches for what `endSessions` left to the background: sessions that stock apps made. Run it
   * now and then, for what a process left that was killed or lost Redis in the midst of it.
   *
   * @returns when nothing is left to search for
   */
  completeEnds(): Promise<void> {
    return this.#search()
  }

  /**
   * Ends every session there is, visitors' too: for a Redis that was restored from a backup, which
   * holds sessions that were ended since. Before anybody can sign in again.
   *
   * @returns how many
   */
  async endAllSessions(): Promise<number> {
    let ended = 0
    for await (const batch of this.#cache.scanSessions()) {
      const ids = batch.map(({ id }) => id)
      await fewAtATime(ids, (id) => this.deleteSession(id))
      ended += batch.length
    }
    return ended
  }

  /**
   * Changes when all sessions of the user are ended. A sign-in reads it first, before it looks at
   * the user, and again last, when its session is stored and in the index: a difference means that
   * the session must not be handed out.
   */
  async readEpoch(userId: string): Promise<string> {
    return (await this.#epochs.open(userId)).id
  }

  /** What is kept in memory, and how much that helped; null where nothing is. */
  cacheStats(): CacheStats | null {
    return this.#cache.stats?.() ?? null
  }

  /**
   * Calls back when a session, all of a user, or any may have changed or ended, here or elsewhere,
   * within milliseconds. Never, where nothing is kept in memory.
   *
   * @returns what stops it
   */
  onChange(listener: (change: SessionChange) => void): () => void {
    return this.#cache.onChange?.(listener) ?? (() => undefined)
  }

  /** Closes the store's own connections; they close by themselves when the client is closed. */
  close(): void {
    this.#cache.close?.()
  }

  /** Notes the use of a session now and then, which moves its end; false when it has ended. */
  async noteUse(id: string, session: SessionData): Promise<boolean> {
    return this.isUseDue(session) ? this.updateSession(id, session) : true
  }

  /** Whether a session is in the cache and unchanged since, in add or update of this very object. */
  isSaved(session: SessionData): boolean {
    const seen = this.#seen.get(session)
    const stored = seen && parseSession(seen.json)
    return stored ? sameContent(stored, session) : false
  }

  /** Whether a session was loaded from the cache or stored there, and not just made. */
  isStored(session: SessionData): boolean {
    return this.#seen.has(session)
  }

  /** Stands for what is stored of a session: another object after each save, undefined before. */
  versionOf(session: SessionData): object | undefined {
    return this.#seen.get(session)
  }

  /** Saves a session whether it is new or not; false when it has ended meanwhile. */
  async saveSession(id: string, session: SessionData): Promise<boolean> {
    if (this.isSaved(session)) return true
    if (this.isStored(session)) return this.updateSession(id, session)
    await this.addSession(id, session)
    return true
  }

  override get(id: string, done?: (error: unknown, session?: SessionData | null) => void): void {
    settle(this.getSession(id), (error, session) => done?.(error, session))
  }

  /** Updates the session of that id, or adds one: `updateSession` says what becomes of its content. */
  override set(id: string, session: SessionData, done?: (error?: unknown) => void): void {
    settle(this.#set(id, session), (error) => done?.(error))
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    settle(this.deleteSession(id), (error) => done?.(error))
  }

  /** Never fails: that a session ends a minute sooner is no reason to fail a request. */
  override touch(id: string, session: SessionData, done?: () => void): void {
    settle(this.noteUse(id, session), () => done?.())
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data)
    const seen = this.#seen.get(data)
    if (seen) this.#seen.set(session, seen)
    shareStamps(data, session)
    return session
  }

  /** A session that was never stored has nothing to end, and leaves no tombstone. */
  override regenerate(req: Request, done: (error?: unknown) => void): void {
    if (this.isStored(req.session)) {
      super.regenerate(req, done)
    } else {
      this.generate(req)
      done()
    }
  }

  /**
   * Takes in a session made by a stock app: stamps it, stores that, and puts it in the index. When
   * the password was given, nobody here knows. The epoch comes first and the search second: if all
   * sessions of the user end in between, one or the other shows it.
   */
  async #adopt(id: string, session: SessionData): Promise<boolean> {
    const user = userOf(session)
    leaveEarlierUser(session)
    await this.#epochs.join(session)
    if (user && (await this.#index.isSearchDue(user.id))) return false
    stamp(session, { startedAt: Date.now(), signedInAt: 0 })
    return this.updateSession(id, session)
  }

  /** Only a sign-out has nothing to lose when the session has ended meanwhile. */
  async #set(id: string, session: SessionData): Promise<void> {
    if (!this.isStored(session) && (await this.updateSession(id, session))) return
    const before = this.#seen.get(session)
    if (await this.saveSession(id, session)) return
    const earlier = before && parseSession(before.json)
    if (!(earlier && userOf(earlier) && !userOf(session))) throw sessionEnded()
  }

  async #memberOf(id: string | undefined): Promise<Member | null> {
    const session = id === undefined ? null : await this.getSession(id)
    const epoch = session && stampsOf(session).epoch
    return id !== undefined && epoch ? { sessionId: id, epoch: epoch.id } : null
  }

  /** Remembers a session as it was loaded. */
  #see(session: SessionData, json: string): void {
    this.#seen.set(session, { json, stored: json })
    setStamps(session, stampsOf(session))
  }

  /** An object that was not loaded or added here changes the session as it is stored now. */
  async #seeNow(id: string, session: SessionContent): Promise<Seen | undefined> {
    const stored = await this.getSession(id)
    if (!stored) return undefined
    keepStamps(session, stored)
    return this.#seen.get(stored)
  }

  /** Whether the use of a session should be noted again. */
  isUseDue(session: SessionContent): boolean {
    return Date.now() >= useDueAt(session, this.#limits)
  }

  async #addToIndex(id: string, session: SessionContent): Promise<void> {
    const user = userOf(session)
    if (user) await this.#index.add(user.id, id, endOf(session, this.#limits))
  }

  /** When a session ends if it is not used again: idle or at its absolute limit, what comes first. */
  endOf(session: SessionContent): Date {
    return new Date(endOf(session, this.#limits))
  }

  #endInCache(id: string): Promise<string | null> {
    // Whoever loaded the session before may not store it for as long as any session may live.
    const tombstoneMs = this.#limits.absoluteMs
    return this.#cache.deleteSession(id, tombstoneMs)
  }
}
