import { describe, expect, it } from '@jest/globals'
import { makePassphrase } from './generate-passphrase.ts'

describe('makePassphrase', () => {
  it('makes eight syllables that can be read out', () => {
    expect(makePassphrase()).toMatch(/^([b-z][aeiou]){2}(-([b-z][aeiou]){2}){3}$/)
  })

  it('makes another one each time', () => {
    expect(new Set(Array.from({ length: 200 }, makePassphrase)).size).toBe(200)
  })
})
