import type { Request } from 'express'
import { Store, type Session, type SessionData } from 'express-session'
import { sessionEnded, sessionIdTaken } from '../errors.ts'
import { checkSize } from './check-size.ts'
import { completeNew, keepStamps } from './complete-session.ts'
import { isLiveIn, type Member } from './epoch.ts'
import { fewAtATime } from './few-at-a-time.ts'
import { removeEarlierUser } from './remove-earlier-user.ts'
import { hotSession, type HotSession } from './hot-session.ts'
import { bringUpToDate, checkKeptFields, keepFields, noteReplaced } from './keep-on-sign-in.ts'
import { saveChanges, type Seen } from './save-changes.ts'
import { endAll, sessionSearch } from './search-sessions.ts'
import type { CacheStats, SessionCache, SessionChange, UserIndex } from './session-cache.ts'
import { checkLimits, endOf, lifetimeOf, useDueAt, type SessionLimits } from './session-limits.ts'
import { sessionEpochs } from './session-epochs.ts'
import { changeStamps, setStamps, shareStamps, stampsOf } from './session-stamps.ts'
import { passToCallback } from './pass-to-callback.ts'
import {
  isStamped,
  parseSession,
  sameContent,
  stamp,
  userOf,
  type SessionContent,
} from './session-content.ts'

type StoreParts = {
  cache: SessionCache
  index: UserIndex
  limits: SessionLimits
  /** See `createSessionStore`. */
  keepOnSignIn?: readonly string[] | undefined
}

/** An epoch outlives every session that carries it, even one started by a server with a wrong clock. */
const EPOCH_OUTLIVES_MS = 24 * 60 * 60 * 1000

/**
 * The session store: creates, reads, updates and ends sessions, and lists those of a user.
 *
 * A loaded session is updated only if it still exists, so a request in progress never revives an ended
 * session. If two requests change different fields, both changes are kept. Methods return promises
 * (`getSession` …) or, for express-session, take callbacks (`get` …).
 *
 * @throws AuthError `sessions_unavailable` (503) from every method if the cache does not answer
 */
export class SessionStore extends Store {
  /** Creates a new session for a request, as express-session expects. */
  declare generate: (req: Request) => void

  readonly #cache: SessionCache
  readonly #index: UserIndex
  readonly #limits: SessionLimits
  readonly #keepOnSignIn: readonly string[]
  readonly #seen = new WeakMap<object, Seen>()
  readonly #epochs: ReturnType<typeof sessionEpochs>
  readonly #search: () => Promise<void>

  /** @throws TypeError if a limit is not a whole number of milliseconds above 0, or a field cannot be kept */
  constructor(options: StoreParts) {
    super()
    checkLimits(options.limits)
    this.#keepOnSignIn = checkKeptFields(options.keepOnSignIn ?? [])
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
   * The session, or null if it does not exist, has ended, or is past its absolute limit. To change it,
   * change this object and pass it to `updateSession`.
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

  /** A cached session that needs no write; see `open`. */
  peek(id: string): HotSession | undefined {
    const known = this.#cache.peekSession?.(id)
    const hot = known && hotSession(known, this.#limits)
    if (!hot?.user) return hot
    const epoch = this.#index.peekEpoch?.(hot.user.id)
    return epoch && isLiveIn(epoch, hot.user.id, { id, carried: hot.epoch }) ? hot : undefined
  }

  /** The session from `peek` as a new object, as `getSession` returns it. */
  open({ json }: HotSession): SessionData | null {
    const session = parseSession(json)
    if (session) this.#see(session, json)
    return session
  }

  /**
   * Stores a new session. Adds its stamps to the object, and cookie data if it has none.
   *
   * @throws AuthError `session_id_taken` (503) if the id was used before, TypeError if the session is
   *   not an object, RangeError if it is larger than 64 KB or nested deeper than 100 levels
   */
  async addSession(id: string, session: SessionContent): Promise<void> {
    if (Object(session) !== session)
      throw new TypeError('addSession: the session must be an object')
    keepFields(session, this.#keepOnSignIn)
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
   * Stores what changed in a session since it was loaded or added, and renews the session if that is
   * due. Any other object, such as a copy, replaces everything that is stored, including concurrent
   * changes.
   *
   * @returns true, or false without writing anything if the session does not exist (any more)
   * @throws RangeError if the session becomes larger than 64 KB or nested deeper than 100 levels
   */
  async updateSession(id: string, session: SessionContent): Promise<boolean> {
    const seen = this.#seen.get(session) ?? (await this.#seeNow(id, session))
    if (!seen) return false
    removeEarlierUser(session)
    const isUse = this.isUseDue(session)
    const use = isUse ? { lastUsedAt: Date.now() } : {}
    const mine = JSON.stringify({ ...session, authKit: { ...stampsOf(session), ...use } })
    const change = { seen, mine, lifetime: lifetimeOf(session, this.#limits) }
    const saved = await saveChanges(this.#cache, id, change)
    if (!saved) return false
    this.#seen.set(session, saved)
    // Only after it is stored: if that fails, the next request renews the session.
    changeStamps(session, use)
    if (isUse) await this.#addToIndex(id, session)
    return true
  }

  /** Ends a session for good. @returns true, or false if it did not exist */
  async deleteSession(id: string): Promise<boolean> {
    return (await this.#end(id)) !== null
  }

  /**
   * Ends a loaded session so that another one can replace it. Afterwards the object contains what was
   * stored at that moment, including changes by other requests, with its own changes applied.
   *
   * @returns true, or false if it had already ended
   */
  async takeSession(id: string, session: SessionData): Promise<boolean> {
    const [seen, stored] = [this.#seen.get(session)?.json, await this.#end(id)]
    if (stored !== null && seen !== undefined) bringUpToDate(session, { seen, stored })
    return stored !== null
  }

  /** The live sessions of a user. */
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
   * Ends every session of a user, except `except` if it is live. One write ends them for every server
   * with the kit; then those in the index are removed, for stock apps, too. Sessions that only a stock
   * app has seen are refused by the kit at once and removed in the background. A sign-in in progress
   * notices by the epoch, see `readEpoch`.
   */
  async endSessions(userId: string, options: { except?: string } = {}): Promise<void> {
    const spared = await this.#memberOf(options.except)
    await this.#epochs.start(userId, spared)
    const ids = (await this.#index.read(userId)).filter((id) => id !== options.except)
    await fewAtATime(ids, (id) => this.#endInCache(id))
    // Including those that were already gone: otherwise each call would try them again.
    await this.#index.remove(userId, ids)
    this.completeEnds().catch(() => undefined) // On failure the search stays on the list.
  }

  /**
   * Completes the background work of `endSessions`: finds and removes sessions created by stock apps.
   * Run it regularly, to finish the work of processes that were killed or lost Redis.
   *
   * @returns a promise that resolves when nothing is left to search for
   */
  completeEnds(): Promise<void> {
    return this.#search()
  }

  /**
   * Ends all sessions, including those of visitors. For a Redis restored from a backup, which may
   * contain sessions that have ended since. Run it before users can sign in again.
   *
   * @returns the number of ended sessions
   */
  endAllSessions(): Promise<number> {
    return endAll(this.#cache, (id) => this.deleteSession(id))
  }

  /**
   * The user's epoch, which changes when all sessions of the user end. A sign-in reads it before it
   * looks up the user, and again after its session is stored and in the index. If the two differ, the
   * session must not be handed out.
   */
  async readEpoch(userId: string): Promise<string> {
    return (await this.#epochs.open(userId)).id
  }

  /** The content and effect of the in-memory cache. Null without one. */
  cacheStats(): CacheStats | null {
    return this.#cache.stats?.() ?? null
  }

  /**
   * Calls back within milliseconds when a session, all sessions of a user, or any session may have
   * changed or ended, here or elsewhere. Never calls back without an in-memory cache.
   *
   * @returns a function that stops it
   */
  onChange(listener: (change: SessionChange) => void): () => void {
    return this.#cache.onChange?.(listener) ?? (() => undefined)
  }

  /** Closes the store's own connections. They also close by themselves when the client is closed. */
  close(): void {
    this.#cache.close?.()
  }

  /** Renews a session if that is due. False if it has ended. */
  async noteUse(id: string, session: SessionData): Promise<boolean> {
    return this.isUseDue(session) ? this.updateSession(id, session) : true
  }

  /** Whether this object is stored and unchanged since it was loaded, added or updated. */
  isSaved(session: SessionData): boolean {
    const seen = this.#seen.get(session)
    const stored = seen && parseSession(seen.json)
    return stored ? sameContent(stored, session) : false
  }

  /** Whether this object was loaded from the cache or stored there, and is not just new. */
  isStored(session: SessionData): boolean {
    return this.#seen.has(session)
  }

  /** What is stored of a session, which tells one version from another; undefined before the first save. */
  versionOf(session: SessionData): string | undefined {
    return this.#seen.get(session)?.stored
  }

  /** Saves a session, whether it is new or not. False if it has ended meanwhile. */
  async saveSession(id: string, session: SessionData): Promise<boolean> {
    if (this.isSaved(session)) return true
    if (this.isStored(session)) return this.updateSession(id, session)
    await this.addSession(id, session)
    return true
  }

  override get(id: string, done?: (error: unknown, session?: SessionData | null) => void): void {
    passToCallback(this.getSession(id), (error, session) => done?.(error, session))
  }

  /** Updates the session with that id, as `updateSession` does, or adds one. */
  override set(id: string, session: SessionData, done?: (error?: unknown) => void): void {
    passToCallback(this.#set(id, session), (error) => done?.(error))
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    passToCallback(this.deleteSession(id), (error) => done?.(error))
  }

  /** Never fails: it is acceptable that a session ends a minute early. */
  override touch(id: string, session: SessionData, done?: () => void): void {
    passToCallback(this.noteUse(id, session), () => done?.())
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data)
    const seen = this.#seen.get(data)
    if (seen) this.#seen.set(session, seen)
    shareStamps(data, session)
    return session
  }

  /** Leaves no tombstone for a session that was never stored. */
  override regenerate(req: Request, done: (error?: unknown) => void): void {
    const earlier = req.session
    const begin = (error?: unknown) => {
      this.generate(req)
      noteReplaced(req.session, earlier)
      done(error)
    }
    if (this.isStored(earlier)) passToCallback(this.takeSession(req.sessionID, earlier), begin)
    else begin()
  }

  /**
   * Adopts a session created by a stock app: stamps it, stores it and adds it to the index. The time of
   * its sign-in is unknown. Reads the epoch first and the due search second: if all sessions of the user
   * end in between, one of the two shows it.
   */
  async #adopt(id: string, session: SessionData): Promise<boolean> {
    const user = userOf(session)
    removeEarlierUser(session)
    await this.#epochs.join(session)
    if (user && (await this.#index.isSearchDue(user.id))) return false
    stamp(session, { startedAt: Date.now(), signedInAt: 0 })
    return this.updateSession(id, session)
  }

  /** Fails if the session has ended meanwhile, except for a sign-out, which has nothing to lose. */
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

  /** Remembers the loaded state of a session. */
  #see(session: SessionData, json: string): void {
    this.#seen.set(session, { json, stored: json })
    setStamps(session, stampsOf(session))
  }

  /** Loads the stored state for an object that was not loaded or added here. */
  async #seeNow(id: string, session: SessionContent): Promise<Seen | undefined> {
    const stored = await this.getSession(id)
    if (!stored) return undefined
    keepStamps(session, stored)
    return this.#seen.get(stored)
  }

  /** Whether a session is due to be renewed. */
  isUseDue(session: SessionContent): boolean {
    return Date.now() >= useDueAt(session, this.#limits)
  }

  async #addToIndex(id: string, session: SessionContent): Promise<void> {
    const user = userOf(session)
    if (user) await this.#index.add(user.id, id, endOf(session, this.#limits))
  }

  /** When a session ends if it is not used again: at the idle or the absolute limit. */
  endOf(session: SessionContent): Date {
    return new Date(endOf(session, this.#limits))
  }

  async #end(id: string): Promise<string | null> {
    const json = await this.#endInCache(id)
    const session = json === null ? null : parseSession(json)
    const user = session && userOf(session)
    if (user) await this.#index.remove(user.id, [id])
    return json
  }

  /** The tombstone lasts as long as any session may live, so no earlier request stores it again. */
  #endInCache(id: string): Promise<string | null> {
    return this.#cache.deleteSession(id, this.#limits.absoluteMs)
  }
}
