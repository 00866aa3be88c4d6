import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { drawTable } from './draw-table.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('docs/promises.md', () => {
  it('is up to date (pnpm promises writes it)', async () => {
    expect(await readFile(join(root, 'docs/promises.md'), 'utf8')).toBe(await drawTable(root))
  })
})
