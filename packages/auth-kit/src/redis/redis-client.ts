import type { Cluster, Redis } from 'ioredis'

/** An ioredis client. */
export type RedisClient = Redis | Cluster
