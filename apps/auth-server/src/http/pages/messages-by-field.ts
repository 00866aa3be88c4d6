import type { FieldProblem } from 'service-kit'

/**
 * Everything that is wrong with a field, so that nobody has to find out step by step. What is wrong
 * with an entry of a list is said of the list, and names the entry by its place.
 */
export function messagesByField(problems: FieldProblem[]): Record<string, string> {
  const messages = Map.groupBy(problems, ({ field }) => field.split('.')[0] ?? field)
  return Object.fromEntries(
    Array.from(messages, ([field, all]) => [field, all.map(messageOf).join(' ')]),
  )
}

function messageOf({ field, message }: FieldProblem): string {
  const place = /\.(\d+)$/.exec(field)?.[1]
  return place === undefined ? message : `Entry ${Number(place) + 1}: ${message}`
}
