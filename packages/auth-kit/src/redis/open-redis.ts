import { Cluster, Redis } from 'ioredis'
import { readRedisAddress } from './redis-address.ts'
import type { RedisClient } from './redis-client.ts'

/** Fails fast and keeps trying: reconnects within 250 ms of the server's return. */
const options = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  connectTimeout: 500,
  socketTimeout: 1000,
  retryStrategy: () => 250,
  // After a failover the old primary still answers, but refuses writes.
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
} as const

/**
 * An ioredis client with settings for sessions: it queues nothing while the server is down and
 * reconnects every 250 ms. Returns at once, while it connects. Close it with `disconnect()`.
 *
 * @example
 * const redis = openRedis('redis://localhost:6379', (error) => console.error(error.message))
 *
 * @param url `redis://user:password@host:6379/0`; for Sentinel
 *   `redis-sentinel://user:password@host:26379,host:26379/group-name/0?sentinelPassword=…`; for
 *   Cluster `redis-cluster://user:password@host:7000,host:7001`; `rediss`, `rediss-sentinel` and
 *   `rediss-cluster` use TLS
 * @param onError called for every connection error; without a listener ioredis prints them all
 * @throws TypeError if the URL is missing or invalid
 */
export function openRedis(url: string, onError: (error: Error) => void): RedisClient {
  if (!url) throw new TypeError('openRedis: the URL is missing, such as redis://localhost:6379')
  const redis = connect(url)
  redis.on('error', onError)
  return redis
}

function connect(url: string): RedisClient {
  const { kind, tls, hosts, group, db, username, password, family, ...sentinel } =
    readRedisAddress(url)
  const given = { username, password, family, ...(tls && { tls: {} }) }
  const each = { ...options, ...Object.fromEntries(Object.entries(given).filter(isGiven)) }
  if (kind === 'sentinel')
    return new Redis({
      ...each,
      ...Object.fromEntries(Object.entries(sentinel).filter(isGiven)),
      db,
      sentinels: hosts,
      name: group,
      enableTLSForSentinelMode: tls,
      ...(tls && { sentinelTLS: {} }),
    })
  if (kind === 'single') return new Redis({ ...each, ...hosts[0], db })
  return new Cluster(hosts, {
    enableOfflineQueue: false,
    clusterRetryStrategy: () => 250,
    redisOptions: each,
  })
}

function isGiven([, value]: [string, unknown]): boolean {
  return value !== undefined
}
