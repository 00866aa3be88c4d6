/** Accepted signature algorithms (RFC 8725, section 3.1): nothing symmetric, and never `none`. */
export const ALGORITHMS = ['EdDSA', 'ES256', 'RS256'] as const

export type Algorithm = (typeof ALGORITHMS)[number]

/** The accepted algorithm of that name, or undefined. */
export function algorithmNamed(name: unknown): Algorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm === name)
}
