import { describe, expect, it } from '@jest/globals'
import { isStoreAway } from './is-store-away.ts'

function socketError(code: string, syscall?: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, ...(syscall && { syscall }) })
}

describe('a store that is away', () => {
  it.each(['ECONNRESET', 'EPIPE', 'ECONNREFUSED'])(
    'is known by what its socket said, %s, as the driver passes it on (R62)',
    (code) => {
      expect(isStoreAway(socketError(code, 'write'))).toBe(true)
      expect(isStoreAway(new Error('outer', { cause: socketError(code, 'write') }))).toBe(true)
    },
  )

  it('is not what a client did, nor a mistake of ours', () => {
    expect(isStoreAway(socketError('ECONNRESET'))).toBe(false)
    expect(isStoreAway(socketError('ENOENT', 'open'))).toBe(false)
    expect(isStoreAway(new TypeError('undefined is not a function'))).toBe(false)
    expect(isStoreAway('ECONNRESET')).toBe(false)
  })
})
