import { describe, expect, it } from '@jest/globals'
import { normalizeIdentity } from './normalize-identity.ts'

describe('normalizeIdentity (C22)', () => {
  it.each([
    ['capitals', 'Mike@Example.COM', 'mike@example.com'],
    ['the Kelvin sign', 'mi\u212Ae@example.com', 'mike@example.com'],
    ['NFD', 'rene\u0301', 'ren\u00E9'],
    ['full width', 'ｍｉｋｅ', 'mike'],
    ['surrounding spaces', ' mike ', 'mike'],
  ])('ignores %s', (_what, one, other) => {
    expect(normalizeIdentity(one)).toBe(normalizeIdentity(other))
  })

  it.each([
    ['a dotless i', 'mıke', 'mike'],
    ['a dotted capital I', 'MİKE', 'mike'],
    ['a sharp s', 'straße', 'strasse'],
    ['an accent', 'rené', 'rene'],
  ])('keeps %s distinct', (_what, one, other) => {
    expect(normalizeIdentity(one)).not.toBe(normalizeIdentity(other))
  })

  it('is idempotent', () => {
    for (const text of ['İSTANBUL', 'ΑΣ', 'ǅ', 'ﬁ', 'J\u030C', '\u1E9E'])
      expect(normalizeIdentity(normalizeIdentity(text))).toBe(normalizeIdentity(text))
  })
})
