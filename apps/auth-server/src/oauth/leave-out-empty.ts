/** Parameters without those that are empty: they count as left out (RFC 6749 §3.1, §3.2). */
export function leaveOutEmpty(parameters: unknown): unknown {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    return parameters
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))
}
