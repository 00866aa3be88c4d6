import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'private-file-'))))
afterAll(() => rm(folder, { recursive: true }))

describe('a private file', () => {
  it('is read as it was written, and only its owner can read it', async () => {
    const file = join(folder, 'kept.json')
    await writePrivateFile(file, { secret: 'one' })
    await writePrivateFile(file, { secret: 'two' })
    expect(await readPrivateFile(file)).toEqual({ secret: 'two' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['kept.json'])
  })

  it('may be missing, but not damaged', async () => {
    expect(await readPrivateFile(join(folder, 'none.json'))).toBeUndefined()
    const damaged = join(folder, 'damaged.json')
    await writeFile(damaged, '{"secret":')
    await expect(readPrivateFile(damaged)).rejects.toThrow(SyntaxError)
  })
})
