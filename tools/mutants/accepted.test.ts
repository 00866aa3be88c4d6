import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { accepted } from './accepted.ts'
import { findMutants } from './find-mutants.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('the list of mutants that nothing can notice', () => {
  it('holds only changes that can still be made', () => {
    const gone = accepted.filter(({ file, code, change }) => {
      if (!existsSync(join(root, file))) return true
      const mutants = findMutants(readFileSync(join(root, file), 'utf8'))
      return !mutants.some((mutant) => mutant.code === code && mutant.change === change)
    })
    expect(gone).toEqual([])
  })

  it('gives a reason for each, and names none twice', () => {
    expect(accepted.filter(({ because }) => because.trim() === '')).toEqual([])
    const keys = accepted.map(({ file, code, change }) => [file, code, change].join('\n'))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
