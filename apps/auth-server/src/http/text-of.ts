/** A text among what was sent, to be shown again; empty where it is none. */
export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return ''
  const text: unknown = new Map<string, unknown>(Object.entries(value)).get(name)
  return typeof text === 'string' ? text : ''
}
