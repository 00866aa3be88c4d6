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

  it.each(['RetryableWriteError', 'TransientTransactionError'])(
    'recognises a MongoDB server that steps down by the label %s (R62)',
    (label) => {
      const labelled = (errorLabels: unknown) => Object.assign(new Error('down'), { errorLabels })
      expect(isStoreDown(labelled(['another', label]))).toBe(true)
      expect(isStoreDown(labelled(['another']))).toBe(false)
      expect(isStoreDown(labelled(label))).toBe(false)
    },
  )

  it.each([
    'Command timed out',
    'Connection is closed.',
    "Stream isn't writeable and enableOfflineQueue options is false",
  ])('recognises what ioredis says: %s (R62)', (message) => {
    expect(isStoreDown(new Error(message))).toBe(true)
  })

  it('looks at a few causes, and ends with those that cause each other', () => {
    const [one, other] = [new Error('one'), new Error('other')]
    one.cause = other
    other.cause = one
    expect(isStoreDown(one)).toBe(false)
  })

  it('ignores a client that hangs up, and our own bugs', () => {
    expect(isStoreDown(socketError('ECONNRESET'))).toBe(false)
    expect(isStoreDown(socketError('ENOENT', 'open'))).toBe(false)
    expect(isStoreDown(new TypeError('undefined is not a function'))).toBe(false)
    expect(isStoreDown('ECONNRESET')).toBe(false)
  })
})
