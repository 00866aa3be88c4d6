/** What a token may be signed with (RFC 8725, section 3.1): nothing symmetric, and never `none`. */
export const ALGORITHMS = ['EdDSA', 'ES256', 'RS256'] as const

export type Algorithm = (typeof ALGORITHMS)[number]

/** The algorithm of that name, undefined if it is none of ours. */
export function algorithmNamed(name: unknown): Algorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm === name)
}
