import { describe, expect, it } from '@jest/globals'
import { parsePart } from './signed-token.ts'

const encoded = (text: string) => Buffer.from(text).toString('base64url')

describe('a part of a token', () => {
  it('is a JSON object', () => {
    expect(parsePart(encoded('{"alg":"EdDSA"}'))).toEqual({ alg: 'EdDSA' })
  })

  it.each(['null', '1', '"text"', 'true', '{', ''])('is refused if it is %j', (text) => {
    const invalid = expect.objectContaining({ code: 'invalid_token', status: 401 })
    expect(() => parsePart(encoded(text))).toThrow(invalid)
  })
})
