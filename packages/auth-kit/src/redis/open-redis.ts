import { Cluster, Redis } from 'ioredis'
import type { RedisClient } from './redis-client.ts'

/** Fails fast, keeps trying: back within a quarter of a second of the server's return. */
const options = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  connectTimeout: 500,
  socketTimeout: 1000,
  retryStrategy: () => 250,
  // After a failover the old primary answers, but takes no writes.
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
} as const

/**
 * An ioredis client with settings that suit sessions: it queues nothing while the server is away,
 * and tries to connect again every 250 ms. Gives it at once, connecting; end it by `disconnect()`.
 *
 * @example
 * const redis = openRedis('redis://localhost:6379', (error) => console.error(error.message))
 *
 * @param url `redis://` or `rediss://host:6379/0`; for Sentinel
 *   `redis-sentinel://host:26379,host:26379/group-name`; for Cluster
 *   `redis-cluster://host:7000,host:7001`
 * @param onError told of every connection error; without a listener ioredis prints them all
 */
export function openRedis(url: string, onError: (error: Error) => void): RedisClient {
  const redis = connect(url)
  redis.on('error', onError)
  return redis
}

function connect(url: string): RedisClient {
  const many =
    /^redis-(?<kind>sentinel|cluster):\/\/(?:(?<auth>[^@/]*)@)?(?<hosts>[^/]+)(?:\/(?<name>.*))?$/
  const { kind, auth, hosts = '', name = 'mymaster' } = many.exec(url)?.groups ?? {}
  if (kind === undefined) return new Redis(url, options)
  const [username, password] = (auth ?? '').split(':').map(decodeURIComponent)
  const credentials = { ...(username && { username }), ...(password && { password }) }
  const nodes = hosts.split(',').map((host) => {
    const { hostname, port } = new URL(`redis://${host}`)
    return { host: hostname, port: Number(port || (kind === 'sentinel' ? 26379 : 6379)) }
  })
  if (kind === 'sentinel') {
    return new Redis({ ...options, ...credentials, sentinels: nodes, name })
  }
  return new Cluster(nodes, {
    enableOfflineQueue: false,
    clusterRetryStrategy: () => 250,
    redisOptions: { ...options, ...credentials },
  })
}
