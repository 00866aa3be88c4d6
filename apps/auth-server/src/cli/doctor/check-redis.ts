import { keepsSignOuts } from '../../sessions/warn-if-redis-forgets.ts'
import type { DescribedServer } from './described-server.ts'
import type { Finding } from './compare-servers.ts'

const advice = {
  away: 'Without it nobody is signed in there: look at REDIS_URL, and from where this was asked.',
  forgets: 'A crash undoes sign-outs. Run Redis with: appendonly yes, appendfsync always.',
  silent:
    'Let its Redis user call CLIENT TRACKING and subscribe to __redis__:invalidate, or set SESSION_CACHE=off.',
  evicts:
    'Redis throws sessions and their ends away when it is full. Set maxmemory-policy noeviction.',
}

/** What may be wrong with the Redis of a server. */
export function checkRedis({ name, description }: DescribedServer): Finding[] {
  const { redis, cache } = description
  if (redis === null) {
    const detail = `${name} does not reach its Redis.`
    return [{ kind: 'failure', what: 'Redis', detail, advice: advice.away }]
  }
  const { appendOnly, appendFsync, maxmemoryPolicy } = redis
  const isKept = keepsSignOuts({ appendOnly, appendFsync })
  const evicts = maxmemoryPolicy !== null && maxmemoryPolicy !== 'noeviction'
  const durability = `appendonly ${appendOnly}, appendfsync ${appendFsync} at ${name}.`
  const untold = `${name} asks Redis for every request: Redis does not tell it of changes.`
  return [
    ...(cache === 'refused' ? [warning(untold, advice.silent)] : []),
    ...(appendOnly === null || isKept ? [] : [warning(durability, advice.forgets)]),
    ...(evicts ? [warning(`maxmemory-policy ${maxmemoryPolicy} at ${name}.`, advice.evicts)] : []),
  ]
}

function warning(detail: string, advice: string): Finding {
  return { kind: 'warning', what: 'Redis', detail, advice }
}
