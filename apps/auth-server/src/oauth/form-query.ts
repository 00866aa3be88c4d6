import { invalidInput } from 'service-kit'

/**
 * The fields of a form as a query. Repeated fields stay repeated.
 *
 * @throws Problem 400 `invalid_input` for a field of a JSON body that is an object
 */
export function queryOf(fields: unknown): URLSearchParams {
  const entries = typeof fields === 'object' && fields !== null ? Object.entries(fields) : []
  return new URLSearchParams(
    entries.flatMap(([name, value]) =>
      [value].flat().map((text): [string, string] => {
        if (typeof text === 'object')
          throw invalidInput([{ field: name, message: 'This must be text.' }])
        return [name, String(text)]
      }),
    ),
  )
}

/** Adds fields to a URI whose query stays as it is written (RFC 6749 §3.1.2). A URL object would rewrite it. */
export function addToQuery(uri: string, fields: [string, string][]): string {
  const joint = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&'
  return `${uri}${joint}${new URLSearchParams(fields).toString()}`
}
