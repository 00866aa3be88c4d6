import { describe, expect, it } from '@jest/globals'
import { normalizeIdentity } from './normalize-identity.ts'

describe('normalizeIdentity (C22)', () => {
  it.each([
    ['capitals', 'Mike@Example.COM', 'mike@example.com'],
    ['the Kelvin sign', 'mi\u212Ae@example.com', 'mike@example.com'],
    ['NFD', 'rene\u0301', 'ren\u00E9'],
    ['full width', 'ｍｉｋｅ', 'mike'],
    ['blanks around it', ' mike ', 'mike'],
  ])('takes %s for the same', (_what, one, other) => {
    expect(normalizeIdentity(one)).toBe(normalizeIdentity(other))
  })

  it.each([
    ['dotless i', 'mıke', 'mike'],
    ['a dotted capital I', 'MİKE', 'mike'],
    ['sharp s', 'straße', 'strasse'],
    ['an accent', 'rené', 'rene'],
  ])('takes %s for another', (_what, one, other) => {
    expect(normalizeIdentity(one)).not.toBe(normalizeIdentity(other))
  })

  it('changes nothing the second time', () => {
    for (const text of ['İSTANBUL', 'ΑΣ', 'ǅ', 'ﬁ', 'J\u030C', '\u1E9E'])
      expect(normalizeIdentity(normalizeIdentity(text))).toBe(normalizeIdentity(text))
  })
})
