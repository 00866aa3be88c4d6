import { checkNesting } from './nesting.ts'

/** The largest session: every request loads it, and Redis keeps it in memory. */
export const MOST_BYTES = 64 * 1024

/**
 * Refuses a session that is nested too deep or too large.
 *
 * @throws RangeError naming the largest field, for the app's own error handler
 */
export function checkSize(json: string): void {
  checkNesting(json)
  const bytes = Buffer.byteLength(json)
  if (bytes <= MOST_BYTES) return
  const fields = Object.entries(JSON.parse(json)).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(JSON.stringify(value)),
  }))
  const [largest] = fields.toSorted((one, other) => other.bytes - one.bytes)
  throw new RangeError(
    `The session would take ${bytes} bytes; the limit is ${MOST_BYTES}. Its largest field is ${largest?.name} (${largest?.bytes} bytes).`,
  )
}
