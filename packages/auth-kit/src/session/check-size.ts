/** More than any session needs: each request loads it, and Redis keeps it. */
export const MOST_BYTES = 64 * 1024

/**
 * Refuses a session that is too large, and says which field makes it so.
 *
 * @throws RangeError for the app's own error handler: the app puts too much in its sessions
 */
export function checkSize(json: string): void {
  const bytes = Buffer.byteLength(json)
  if (bytes <= MOST_BYTES) return
  const fields = Object.entries(JSON.parse(json)).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(JSON.stringify(value)),
  }))
  const [largest] = fields.toSorted((one, other) => other.bytes - one.bytes)
  throw new RangeError(
    `The session would take ${bytes} bytes, and ${MOST_BYTES} are the most. Its largest field is ${largest?.name}, of ${largest?.bytes} bytes.`,
  )
}
