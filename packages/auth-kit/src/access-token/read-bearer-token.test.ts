import { describe, expect, it } from '@jest/globals'
import { readBearerToken } from './read-bearer-token.ts'

describe('readBearerToken (RFC 6750)', () => {
  it.each(['a b', 'ä', '{"token":1}', 'a=b', `a${'b'.repeat(8192)}`])(
    'refuses what cannot be a token: %j',
    (something) => {
      const invalid = expect.objectContaining({ code: 'invalid_token' })
      expect(() => readBearerToken(`Bearer ${something}`)).toThrow(invalid)
    },
  )

  it.each([undefined, [], '', 'Bearer', 'Bearer ', 'Basic c2hvcDpzZWNyZXQ=', 'Bearerx a'])(
    'finds no token in %j',
    (header) => {
      expect(readBearerToken(header)).toBeUndefined()
    },
  )

  it('finds the only one', () => {
    expect(readBearerToken('bearer  a.b-c_d~e+f/g==')).toBe('a.b-c_d~e+f/g==')
    expect(readBearerToken(['Bearer a'])).toBe('a')
    expect(() => readBearerToken(['Bearer a', 'Bearer a'])).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
  })
})
