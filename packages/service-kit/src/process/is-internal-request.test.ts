import { describe, expect, it } from '@jest/globals'
import express from 'express'
import { isInternalRequest } from './is-internal-request.ts'

// One machine has no public peer, so the socket's address is made up here. Nothing else is.
function from(remoteAddress: string | undefined) {
  const req = Object.create(express.request)
  return Object.assign(req, { headers: {}, socket: { remoteAddress } })
}

describe('isInternalRequest (R65)', () => {
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '::ffff:10.1.2.3',
    '172.31.0.1',
    '192.168.0.9',
    'fd00::1',
    'fe80::1',
  ])('lets %s in', (address) => {
    expect(isInternalRequest(from(address), { metricsToken: undefined, tokenOnly: false })).toBe(
      true,
    )
  })

  it.each([
    '203.0.113.9',
    '::ffff:203.0.113.9',
    '172.32.0.1',
    '11.0.0.1',
    '2001:db8::1',
    undefined,
  ])('keeps %s out', (address) => {
    expect(isInternalRequest(from(address), { metricsToken: undefined, tokenOnly: false })).toBe(
      false,
    )
  })

  it('lets no address in if only the token counts', () => {
    const access = { metricsToken: undefined, tokenOnly: true }
    expect(isInternalRequest(from('127.0.0.1'), access)).toBe(false)
  })
})
