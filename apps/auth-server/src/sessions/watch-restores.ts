import {
  askRedis,
  AuthError,
  endCounts,
  type RedisClient,
  type SessionStore,
} from 'auth-kit/session'
import { repeat, type Logger } from 'service-kit'
import type { Audit } from '../audit/create-audit.ts'
import type { EndCountRecords } from './end-count.model.ts'
import { endCountSaver, loadEndCounts } from './keep-end-counts.ts'

const CHECK_EVERY_MS = 1000
const SAVE_EVERY_MS = 3000
/** After this long another server takes over from one that was killed while it ended sessions. */
const CLAIM_MS = 60_000

type Deps = {
  redis: RedisClient
  keyPrefix: string
  store: SessionStore
  endCountRecords: EndCountRecords
  onRestore: 'end' | 'hold'
  audit: Audit
  logger: Logger
}

/**
 * Watches for a Redis that has lost sign-outs, because it was restored from a backup or crashed before it
 * wrote them. Such a Redis puts sessions on hold on its own (see `endCounts`). This ends all sessions and
 * then the hold, or with `onRestore: 'hold'` leaves both to an operator.
 *
 * The counts are copied to MongoDB, so that a restart of every server forgets none. Loads them before it
 * returns.
 */
export async function watchRestores(deps: Deps): Promise<{ stop: () => Promise<void> }> {
  const { redis, keyPrefix, endCountRecords, logger } = deps
  const counts = endCounts({ redis, prefix: `${keyPrefix}sess:` })
  await loadEndCounts(counts, endCountRecords)
  let isAnnounced = false

  async function check(): Promise<void> {
    await counts.check()
    const isOnHold = await counts.isOnHold()
    if (isOnHold && !isAnnounced) announce(deps)
    isAnnounced = isOnHold
    if (isOnHold && deps.onRestore === 'end') await endRestored(deps)
  }

  // At once after a reconnect: the fewer ends are counted before, the surer is the comparison.
  const checkSoon = () => void check().catch(() => undefined)
  redis.on('ready', checkSoon)
  const checking = repeat({
    what: 'looking for a restored Redis',
    everyMs: CHECK_EVERY_MS,
    logger,
    work: () => check().catch(unlessDown),
  })
  const saving = repeat({
    what: 'copying the counts of ended sessions',
    everyMs: SAVE_EVERY_MS,
    logger,
    work: endCountSaver(counts, endCountRecords),
  })
  return {
    async stop() {
      redis.off('ready', checkSoon)
      await Promise.all([checking.stop(), saving.stop()])
    },
  }
}

function announce({ onRestore, audit, logger }: Deps): void {
  logger.error(
    onRestore === 'end'
      ? 'Redis was restored from a backup or lost sign-outs: all sessions end.'
      : 'Redis was restored from a backup or lost sign-outs: sessions are on hold. Run: npm run cli -- restore acknowledge',
  )
  if (onRestore === 'hold') audit.redisRestored(null, { result: 'on hold' })
}

/** One server at a time ends sessions, so that none ends a session that began after the hold. */
async function endRestored({ redis, keyPrefix, store, audit }: Deps): Promise<void> {
  const claim = `${keyPrefix}ending-all`
  const claimed = await askRedis(redis, () => redis.set(claim, '1', 'PX', CLAIM_MS, 'NX'))
  if (claimed === null) return
  try {
    await releaseRestored({ redis, keyPrefix, store, audit })
  } finally {
    await askRedis(redis, () => redis.del(claim))
  }
}

/**
 * Ends all sessions, unless `keep` is set, and then the hold.
 *
 * @returns the number of ended sessions, or null if nothing was on hold
 */
export async function releaseRestored(
  { redis, keyPrefix, store, audit }: Pick<Deps, 'redis' | 'keyPrefix' | 'store' | 'audit'>,
  { keep = false } = {},
): Promise<number | null> {
  const counts = endCounts({ redis, prefix: `${keyPrefix}sess:` })
  if (!(await counts.isOnHold())) return null
  const ended = keep ? 0 : await store.endAllSessions()
  if (await counts.release())
    audit.redisRestored(null, { result: keep ? 'sessions kept' : 'sessions ended' })
  return ended
}

/** The outage itself is logged elsewhere. */
function unlessDown(error: unknown): void {
  if (!(error instanceof AuthError && error.code === 'sessions_unavailable')) throw error
}
