/** The fields of a form as a query. Repeated fields stay repeated. */
export function queryOf(fields: unknown): URLSearchParams {
  const entries = typeof fields === 'object' && fields !== null ? Object.entries(fields) : []
  return new URLSearchParams(
    entries.flatMap(([name, value]) => [value].flat().map((text) => [name, String(text)])),
  )
}
