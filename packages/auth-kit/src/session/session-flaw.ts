import { MOST_BYTES } from './check-size.ts'
import { isTooDeep, MOST_LEVELS } from './nesting.ts'

/**
 * Why a stored value is not a session, without ids or content; undefined if it is one. A value that
 * passes can become an express-session `Session` and can be stored again.
 */
export function flawOf(json: string, value: unknown): string | undefined {
  if (Buffer.byteLength(json) > MOST_BYTES) return `it is larger than ${MOST_BYTES} bytes`
  if (isTooDeep(json)) return `it is nested deeper than ${MOST_LEVELS} levels`
  if (!isRecord(value)) return 'it is not a JSON object'
  if (!isRecord(value.cookie)) return 'its `cookie` is not an object'
  const field = wrongCookieField(value.cookie)
  if (field !== undefined) return `its \`cookie.${field}\` has the wrong type`
  if (value.passport != null && !isRecord(value.passport)) return 'its `passport` is not an object'
  return undefined
}

/** express-session throws for these. The kit replaces all other fields of a cookie on each load. */
function wrongCookieField({ expires, ...ages }: Record<string, unknown>): string | undefined {
  const isDate = typeof expires === 'string' && !Number.isNaN(Date.parse(expires))
  if (!(expires == null || typeof expires === 'boolean' || isDate)) return 'expires'
  return ['maxAge', 'originalMaxAge'].find((field) => !isAge(ages[field]))
}

/** express-session stores `false` if the cookie is to last as long as the browser is open. */
function isAge(value: unknown): boolean {
  return value == null || value === false || typeof value === 'number'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
