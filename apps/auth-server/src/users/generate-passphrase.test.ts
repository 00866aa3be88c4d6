import { describe, expect, it } from '@jest/globals'
import { makePassphrase } from './generate-passphrase.ts'

describe('makePassphrase', () => {
  it('gives eight syllables that are easy to read aloud', () => {
    expect(makePassphrase()).toMatch(/^([b-z][aeiou]){2}(-([b-z][aeiou]){2}){3}$/)
  })

  it('gives a different one each time', () => {
    expect(new Set(Array.from({ length: 200 }, makePassphrase)).size).toBe(200)
  })
})
