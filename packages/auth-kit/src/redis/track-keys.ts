import { randomBytes } from 'node:crypto'
import { Cluster, type Redis } from 'ioredis'
import { askRedis } from './ask-redis.ts'
import type { RedisClient } from './redis-client.ts'
import { openTrackingLink, type TrackingLink } from './tracking-link.ts'
import { isClosed } from './until-ready.ts'

/** Interval of the heartbeat on each connection, ms. */
const BEAT_MS = 250
/** How long Redis may take to report a written key, ms. */
const PROOF_MS = 1000

export type TrackingOptions = {
  redis: RedisClient
  /** Prefixes of the keys to track. */
  prefixes: readonly string[]
  /** A key under one of the prefixes that has no meaning. */
  probeKey: (name: string) => string
  /** Called with the changed keys, or undefined if any key may have changed. */
  onChange: (keys: readonly string[] | undefined) => void
  /** Called with the reason if the server does not track keys. */
  onOff: (reason: string) => void
}

/** Tracks which keys change in Redis. */
export type KeyTracking = {
  /**
   * Whether every change older than a second is known (usually, older than a millisecond). A value
   * read while this holds stays current until `onChange`.
   */
  isTrusted(): boolean
  /** Starts tracking unless it is running. It stops when the client is closed. */
  start(): void
  close(): void
}

type Tracker = { isTrusted(now: number): boolean; beat(): void; close(): void }

/**
 * Follows key changes through Redis's own tracking (`CLIENT TRACKING`, Redis 6 or later), with one
 * extra connection to each server that the client writes to.
 */
export function trackKeys(options: TrackingOptions): KeyTracking {
  const { redis } = options
  let tracker: Tracker | undefined
  let timer: NodeJS.Timeout | undefined

  function start(): void {
    if (tracker || isClosed(redis)) return
    tracker = redis instanceof Cluster ? trackCluster(redis, options) : trackOne(redis, options)
    tracker.beat()
    timer = setInterval(beat, BEAT_MS).unref()
  }

  function beat(): void {
    if (isClosed(redis)) close()
    else tracker?.beat()
  }

  function close(): void {
    clearInterval(timer)
    tracker?.close()
    tracker = undefined
    options.onChange(undefined)
  }

  return { isTrusted: () => tracker?.isTrusted(performance.now()) ?? false, start, close }
}

/** A key that the client writes to see whether the link reports it. It expires on its own. */
type Proof = { key: string; stream: unknown; startedAt: number; isWritten: boolean }

/**
 * One server, or the primary that Sentinel names. It is trusted once the link reports a key that the
 * client wrote: this proves that both connections reach the same server and that no proxy drops the
 * reports. After a reconnect the client may reach another server, so the proof is repeated.
 */
function trackOne(redis: Redis, options: TrackingOptions): Tracker {
  let proof: Proof | undefined
  let proven: unknown
  const link = openTrackingLink(redis, {
    prefixes: options.prefixes,
    onRefused: (reason) => options.onOff(reasonOf(reason)),
    onTracking: () => prove(),
    onChange(keys) {
      if (keys === undefined) proof = proven = undefined
      else if (proof && keys.includes(proof.key)) proven = proof.stream
      options.onChange(keys)
    },
  })

  function prove(): void {
    if (redis.status !== 'ready') return
    const now = performance.now()
    if (proof?.stream === redis.stream) {
      if (now - proof.startedAt < PROOF_MS) return
      if (proof.isWritten) blame()
    }
    const key = options.probeKey(randomBytes(9).toString('base64url'))
    const begun = { key, stream: redis.stream, startedAt: now, isWritten: false }
    proof = begun
    askRedis(redis, (redis) => redis.set(key, '1', 'PX', PROOF_MS)).then(
      () => (begun.isWritten = true),
      () => undefined, // A later beat tries again.
    )
  }

  /** A new link may reach the right server, for example after a failover. */
  function blame(): void {
    options.onOff('Redis does not report the changes of this client')
    link.renew()
  }

  const isProven = () => proven !== undefined && proven === redis.stream
  return {
    isTrusted: (now) => isProven() && link.isTrusted(now),
    beat() {
      link.beat()
      if (link.isTrusted(performance.now()) && !isProven()) prove()
    },
    close: () => link.close(),
  }
}

/** Every primary of a Cluster, by its address. Nothing is trusted until all of them are tracked. */
function trackCluster(cluster: Cluster, options: TrackingOptions): Tracker {
  const links = new Map<string, TrackingLink>()
  let isComplete = false
  const lose = () => {
    isComplete = false
    options.onChange(undefined)
  }
  cluster.on('+node', lose)

  function beat(): void {
    const primaries = new Map(cluster.nodes('master').map((node) => [addressOf(node), node]))
    for (const [address, link] of links) if (!primaries.has(address)) remove(address, link)
    for (const [address, node] of primaries) if (!links.has(address)) add(address, node)
    for (const link of links.values()) link.beat()
    isComplete = links.size > 0
  }

  function add(address: string, node: Redis): void {
    const { prefixes, onChange, onOff } = options
    const onRefused = (reason: unknown) => onOff(reasonOf(reason))
    lose()
    links.set(address, openTrackingLink(node, { prefixes, onChange, onRefused }))
  }

  function remove(address: string, link: TrackingLink): void {
    links.delete(address)
    link.close()
    lose()
  }

  return {
    isTrusted: (now) => isComplete && [...links.values()].every((link) => link.isTrusted(now)),
    beat,
    close() {
      cluster.off('+node', lose)
      for (const link of links.values()) link.close()
    },
  }
}

const addressOf = ({ options }: Redis) => `${options.host}:${options.port}`

const reasonOf = (reason: unknown) => (reason instanceof Error ? reason.message : String(reason))
