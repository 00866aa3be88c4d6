import type { Redis } from 'ioredis'

/** The channel on which Redis reports changed keys to a RESP2 connection. */
const CHANNEL = '__redis__:invalidate'

/** How long a link is trusted after an answered heartbeat, ms. */
const TRUST_MS = 1000

export type LinkOptions = {
  /** Prefixes of the keys to track. They must not overlap. */
  prefixes: readonly string[]
  /** Called when tracking has started. */
  onTracking?: () => void
  /** Called with the changed keys, or undefined if any may have changed, as after a lost connection. */
  onChange: (keys: readonly string[] | undefined) => void
  /** Called with the reason if the server does not track keys. */
  onRefused: (reason: unknown) => void
}

/** One connection on which a server reports changed keys. */
export type TrackingLink = {
  /** Whether every change older than a second is known. `now` is `performance.now()`. */
  isTrusted(now: number): boolean
  /** Connects, sends a heartbeat, or replaces a silent connection. */
  beat(): void
  /** Replaces the connection. */
  renew(): void
  close(): void
}

/**
 * Opens a second connection to the server of `redis`. The same connection tracks and listens: with
 * two, the first would not notice the loss of the second.
 *
 * Only a heartbeat tells a broken connection from a quiet one. Its answer arrives after all earlier
 * changes, so each answer makes the link trusted for a second.
 */
export function openTrackingLink(redis: Redis, options: LinkOptions): TrackingLink {
  const link = redis.duplicate(connectionOptions)
  let isTracking = false
  let isRefused = false
  let answeredAt = 0
  let isAsking = false

  link.on('error', () => undefined) // The main client reports connection errors.
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
      // If the connection was lost meanwhile, a beat reconnects it.
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
      // The connection was closed, which `lose` handles.
    }
    isAsking = false
  }

  /** Waits for setImmediate, so that a busy process first reads the data that has arrived. */
  function giveUpIfSilent(): void {
    setImmediate(() => {
      if (isTracking && !isTrusted(performance.now())) renew()
    })
  }

  /** Does nothing while the main client has no connection or is closed. */
  function connect(): void {
    if (isRefused || !['wait', 'end'].includes(link.status)) return
    // 'wait' is fine: a Cluster connects to a node on its first command.
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
      // disconnect() waits for the server to close its side; a silent server never does.
      if (link.status !== 'end') link.stream.destroy()
    },
  }
}

/** RESP2, because ioredis drops the RESP3 messages about changed keys. */
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
