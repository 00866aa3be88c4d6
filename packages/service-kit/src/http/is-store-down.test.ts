import { describe, expect, it } from '@jest/globals'
import { isStoreDown } from './is-store-down.ts'

function socketError(code: string, syscall?: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, ...(syscall && { syscall }) })
}

describe('isStoreDown', () => {
  it.each(['ECONNRESET', 'EPIPE', 'ECONNREFUSED'])(
    'recognises the socket error %s that a driver passes on (R62)',
    (code) => {
      expect(isStoreDown(socketError(code, 'write'))).toBe(true)
      expect(isStoreDown(new Error('outer', { cause: socketError(code, 'write') }))).toBe(true)
    },
  )

  it('ignores a client that hangs up, and our own bugs', () => {
    expect(isStoreDown(socketError('ECONNRESET'))).toBe(false)
    expect(isStoreDown(socketError('ENOENT', 'open'))).toBe(false)
    expect(isStoreDown(new TypeError('undefined is not a function'))).toBe(false)
    expect(isStoreDown('ECONNRESET')).toBe(false)
  })
})
