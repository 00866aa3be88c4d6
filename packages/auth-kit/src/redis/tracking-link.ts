import type { Redis } from 'ioredis'

/** Where Redis tells a RESP2 connection which keys changed. */
const CHANNEL = '__redis__:invalidate'

/** How long an answered heartbeat vouches that every change before it is known, ms. */
const TRUST_MS = 1000

export type LinkOptions = {
  /** Keys that begin with one of these are tracked; none begins with another. */
  prefixes: readonly string[]
  /** It tells of changes from now on. */
  onTracking?: () => void
  /** Which keys changed; undefined when any may have, as after a lost connection. */
  onChange: (keys: readonly string[] | undefined) => void
  /** Why the server does not track keys. */
  onRefused: (reason: unknown) => void
}

/** One connection on which a server tells of changed keys. */
export type TrackingLink = {
  /** Whether every change older than a second is known. `now` is `performance.now()`. */
  isTrusted(now: number): boolean
  /** Connects, asks whether the server is there, or gives a silent connection up. */
  beat(): void
  /** Connects anew. */
  renew(): void
  close(): void
}

/**
 * Opens a connection of its own beside `redis`, to the same server. One connection tracks and
 * listens: were they two, the first would not notice the end of the second.
 *
 * A connection that breaks half-way stays open and silent, so that only a heartbeat tells it from a
 * quiet one. An answer comes behind every change before it, so each makes the link good for a second.
 */
export function openTrackingLink(redis: Redis, options: LinkOptions): TrackingLink {
  const link = redis.duplicate(connectionOptions)
  let isTracking = false
  let isRefused = false
  let answeredAt = 0
  let isAsking = false

  link.on('error', () => undefined) // The client that this one stands beside reports it.
  link.on('ready', () => void track())
  link.on('close', lose)
  link.on('messageBuffer', (_channel: unknown, keys: unknown) =>
    options.onChange(Array.isArray(keys) ? keys.map(String) : undefined),
  )

  async function track(): Promise<void> {
    try {
      const askedAt = performance.now()
      await startTracking(link, options.prefixes)
      isTracking = true
      answeredAt = askedAt
      options.onTracking?.()
    } catch (error) {
      // A connection that was lost meanwhile is made anew by itself.
      if (link.status === 'ready') refuse(error)
    }
  }

  function refuse(reason: unknown): void {
    isRefused = true
    link.disconnect()
    options.onRefused(reason)
  }

  function lose(): void {
    isTracking = false
    isAsking = false
    options.onChange(undefined)
  }

  async function ask(): Promise<void> {
    isAsking = true
    const askedAt = performance.now()
    try {
      await link.ping()
      answeredAt = askedAt
    } catch {
      // It was closed, and `lose` has seen to that.
    }
    isAsking = false
  }

  /** Not at once: a process that was busy reads first what lies there. */
  function giveUpIfSilent(): void {
    setImmediate(() => {
      if (isTracking && !isTrusted(performance.now())) renew()
    })
  }

  /** Not while the client lost its connection, and no more once it was closed. */
  function connect(): void {
    if (isRefused || !['wait', 'end'].includes(link.status)) return
    // A Cluster connects to a server when it first asks it something.
    if (!['wait', 'ready'].includes(redis.status)) return
    link.connect().catch(() => undefined)
  }

  const renew = () => void link.stream.destroy()
  const isTrusted = (now: number) => isTracking && now - answeredAt < TRUST_MS

  return {
    isTrusted,
    beat() {
      if (!isTracking) return connect()
      if (!isAsking) void ask()
      else if (!isTrusted(performance.now())) giveUpIfSilent()
    },
    renew,
    close() {
      isTracking = false
      link.disconnect()
      // One that is silent would wait for an answer to its end.
      if (link.status !== 'end') link.stream.destroy()
    },
  }
}

/** ioredis drops what RESP3 tells of keys, so it is RESP2. */
const connectionOptions = {
  protocol: 2,
  lazyConnect: true,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectionName: 'session-cache',
  connectTimeout: 1000,
  socketTimeout: undefined,
  commandTimeout: undefined,
  retryStrategy: () => null, // A beat connects again.
} as const

async function startTracking(link: Redis, prefixes: readonly string[]): Promise<void> {
  const id = await link.client('ID')
  const named = prefixes.flatMap((prefix) => ['PREFIX', prefix])
  await link.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', String(id), 'BCAST', ...named)
  await link.subscribe(CHANNEL)
}
