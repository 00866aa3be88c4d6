import { z } from 'zod'
import type { Answer, Operation } from '../http/operation.ts'

/** Merges operations that share a method and a path: two wings may describe alternatives of one route. */
export function joinAlternatives(operations: readonly Operation[]): Operation[] {
  const all = Map.groupBy(operations, ({ method, path }) => `${method} ${path}`)
  return [...all.values()].map((same) => same.reduce(joinTwo))
}

function joinTwo(one: Operation, other: Operation): Operation {
  const body = one.body && other.body ? z.union([one.body, other.body]) : (one.body ?? other.body)
  return {
    ...one,
    summary: `${one.summary} ${other.summary}`,
    ...(body && { body }),
    answers: joinRecords(one.answers, other.answers, joinAnswers),
    problems: joinRecords(one.problems ?? {}, other.problems ?? {}, (codes, more) => [
      ...new Set([...codes, ...more]),
    ]),
  }
}

function joinAnswers(one: Answer, other: Answer): Answer {
  const json = one.json && other.json ? z.union([one.json, other.json]) : (one.json ?? other.json)
  return { ...one, ...(json && { json }) }
}

function joinRecords<Value>(
  one: Record<number, Value>,
  other: Record<number, Value>,
  join: (one: Value, other: Value) => Value,
): Record<number, Value> {
  const joined: Record<number, Value> = { ...one }
  for (const [key, value] of Object.entries(other)) {
    const known = one[Number(key)]
    joined[Number(key)] = known === undefined ? value : join(known, value)
  }
  return joined
}
