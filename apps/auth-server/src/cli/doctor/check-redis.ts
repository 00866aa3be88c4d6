import { keepsSignOuts } from '../../sessions/warn-if-redis-forgets.ts'
import type { DescribedServer } from './described-server.ts'
import type { Finding } from './compare-servers.ts'

const advice = {
  down: 'Nobody is signed in there without it. Check REDIS_URL and the network.',
  forgets: 'A crash undoes sign-outs. Run Redis with: appendonly yes, appendfsync always.',
  silent:
    'Let its Redis user call CLIENT TRACKING and subscribe to __redis__:invalidate, or set SESSION_CACHE=off.',
  evicts: 'A full Redis evicts sessions and sign-outs. Set maxmemory-policy noeviction.',
}

/** Possible problems with the Redis of a server. */
export function checkRedis({ name, description }: DescribedServer): Finding[] {
  const { redis, cache } = description
  if (redis === null) {
    const detail = `${name} does not reach its Redis.`
    return [{ kind: 'failure', what: 'Redis', detail, advice: advice.down }]
  }
  const { appendOnly, appendFsync, maxmemoryPolicy } = redis
  const isKept = keepsSignOuts({ appendOnly, appendFsync })
  const evicts = maxmemoryPolicy !== null && maxmemoryPolicy !== 'noeviction'
  const durability = `appendonly ${appendOnly}, appendfsync ${appendFsync} at ${name}.`
  const untracked = `${name} asks Redis on every request: Redis does not notify it of changes.`
  return [
    ...(cache === 'refused' ? [warning(untracked, advice.silent)] : []),
    ...(appendOnly === null || isKept ? [] : [warning(durability, advice.forgets)]),
    ...(evicts ? [warning(`maxmemory-policy ${maxmemoryPolicy} at ${name}.`, advice.evicts)] : []),
  ]
}

function warning(detail: string, advice: string): Finding {
  return { kind: 'warning', what: 'Redis', detail, advice }
}
