import type { Redis } from 'ioredis'
import type { Script } from './http-text.ts'
import { type Load, load } from './load.ts'
import type { RunningServer } from './start-server.ts'
import { median, type Spread, spread } from './statistics.ts'

export type Contestant = {
  name: string
  server: RunningServer
  /** The connections of one slice. Each slice has new ones. */
  scripts: () => Script[]
}

/** One measurement: the load's figures, and what a request cost the server and Redis. */
export type Slice = Load & { cpuMicros: number; redisCommands: number }

export type Pair = { peer: string; ours: Slice[]; theirs: Slice[] }

/**
 * Measures ours against each peer. In every round, ours and the peer run right after each other and take
 * turns to go first, so that other load affects both. No other slice runs between the two of a pair.
 */
export async function runPairs(options: {
  ours: Contestant
  peers: Contestant[]
  rounds: number
  seconds: number
  redis: Redis
  progress: (line: string) => void
}): Promise<Pair[]> {
  const { ours, peers, rounds, redis, progress } = options
  for (const { server, scripts } of [ours, ...peers])
    // Warms up, until the code is compiled and every session has been seen.
    // oxlint-disable-next-line no-await-in-loop
    await load({ port: server.port, scripts: scripts(), seconds: Math.max(1, options.seconds) })
  const pairs: Pair[] = peers.map(({ name }) => ({ peer: name, ours: [], theirs: [] }))
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, peer] of peers.entries()) {
      const order = round % 2 === 0 ? [ours, peer] : [peer, ours]
      for (const contestant of order) {
        // oxlint-disable-next-line no-await-in-loop
        const slice = await measure(contestant, redis, options.seconds)
        pairs[at]?.[contestant === ours ? 'ours' : 'theirs'].push(slice)
      }
    }
    progress(`round ${round + 1} of ${rounds}`)
  }
  return pairs
}

/** One slice of load on one server. */
export async function measure(
  { server, scripts }: Contestant,
  redis: Redis,
  seconds: number,
): Promise<Slice> {
  const [before, commandsBefore] = await Promise.all([server.usage(), countCommands(redis)])
  const figures = await load({ port: server.port, scripts: scripts(), seconds })
  const [after, commandsAfter] = await Promise.all([server.usage(), countCommands(redis)])
  return {
    ...figures,
    cpuMicros: (after.cpu - before.cpu) / figures.requests,
    // Without the command that counts them.
    redisCommands: Math.max(0, commandsAfter - commandsBefore - 1) / figures.requests,
  }
}

async function countCommands(redis: Redis): Promise<number> {
  const stats = await redis.info('stats')
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1])
}

/** Ours divided by theirs, in each round. */
export function ratiosOf({ ours, theirs }: Pair, figure: keyof Slice): Spread {
  return spread(ours.map((slice, round) => slice[figure] / (theirs[round]?.[figure] ?? Number.NaN)))
}

export function medianOf(slices: readonly Slice[], figure: keyof Slice): number {
  return median(slices.map((slice) => slice[figure]))
}
