import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { secretProblem } from './secret-problem.ts'

describe('secretProblem', () => {
  it('accepts a random secret of 32 characters (R64)', () => {
    expect(secretProblem(randomBytes(24).toString('base64'))).toBeUndefined()
  })

  it('refuses a short one, a repeated one and a well-known example (R64)', () => {
    expect(secretProblem(randomBytes(12).toString('base64'))).toContain('32 characters')
    expect(secretProblem('a'.repeat(40))).toContain('example')
    expect(secretProblem('change-me-to-a-long-random-string-1234')).toContain('example')
    expect(secretProblem('keyboard cat keyboard cat keyboard cat')).toContain('example')
  })
})
