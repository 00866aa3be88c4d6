import { isDeepStrictEqual } from 'node:util'

/**
 * Three-way merge of JSON values: applies the changes from `base` to `mine` to `theirs`. Merges objects
 * field by field and everything else, including arrays, as a whole. If both changed the same thing,
 * `mine` wins.
 */
export function mergeChanges(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (isDeepStrictEqual(base, mine)) return theirs
  if (!isObject(base) || !isObject(mine) || !isObject(theirs)) return mine
  const fields = new Set([...Object.keys(theirs), ...Object.keys(mine)])
  const merged = [...fields].flatMap((field) => {
    const value = mergeChanges(own(base, field), own(mine, field), own(theirs, field))
    return value === undefined ? [] : [[field, value]]
  })
  // fromEntries defines fields, so a field named __proto__ stays a field.
  return Object.fromEntries(merged)
}

/** The value of an own field. JSON has no undefined, so undefined means "no such field". */
function own(object: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
