import type { Bar, Table } from './bench.ts'
import { ms, number, ratio } from './format.ts'
import { medianOf, type Pair, ratiosOf, type Slice } from './pairs.ts'

/** The medians of every app, and the ratios of each pair. */
export function pairTable(title: string, pairs: readonly Pair[]): Table {
  const ours = pairs.flatMap((pair) => pair.ours)
  return {
    title,
    head: ['app', 'requests/s', 'Latchkey’s is', 'p50, ms', 'p99, ms', 'CPU, µs', 'Redis commands'],
    lines: [
      lineOf('**Latchkey**', ours),
      ...pairs.map((pair) => lineOf(pair.peer, pair.theirs, pair)),
    ],
  }
}

/** Adds to each figure of a peer what Latchkey's is as a multiple of it. */
function lineOf(name: string, slices: readonly Slice[], pair?: Pair): string[] {
  const cell = (figure: keyof Slice, format: (value: number) => string) => {
    const value = format(medianOf(slices, figure))
    return pair ? `${value} (× ${ratiosOf(pair, figure).median.toFixed(2)})` : value
  }
  return [
    name,
    number(medianOf(slices, 'rate')),
    pair ? `× ${ratio(ratiosOf(pair, 'rate'))}` : '',
    cell('p50', ms),
    cell('p99', ms),
    cell('cpuMicros', number),
    medianOf(slices, 'redisCommands').toFixed(2),
  ]
}

/** Each pair's ratio of rates, for the chart. */
export function barsOf(pairs: readonly Pair[]): Bar[] {
  return pairs.map((pair) => {
    const { median, min, max } = ratiosOf(pair, 'rate')
    return { name: pair.peer, ratio: median, min, max }
  })
}
