/** A form's fields as a query; a field that came twice comes twice there. */
export function queryOf(fields: unknown): URLSearchParams {
  const entries = typeof fields === 'object' && fields !== null ? Object.entries(fields) : []
  return new URLSearchParams(
    entries.flatMap(([name, value]) => [value].flat().map((text) => [name, String(text)])),
  )
}
