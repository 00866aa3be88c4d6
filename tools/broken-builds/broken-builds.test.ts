import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { brokenBuilds } from './broken-builds.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('a broken build', () => {
  const builds = Object.values(brokenBuilds).flat()
  it.each(builds.map(({ id, what, ...build }) => [id, what, build] as const))(
    '%s (%s) quotes code that exists once, and a test that names it',
    (id, _what, { edits, tests }) => {
      for (const { file, find } of edits)
        expect({ file, find, found: read(file).split(find).length - 1 }).toMatchObject({ found: 1 })
      expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([])
      const titles = tests.flatMap((file) =>
        read(file)
          .split('\n')
          .filter((line) => /[('`]/.test(line)),
      )
      expect(titles.some((title) => title.split(/[^A-Z0-9]/).includes(id))).toBe(true)
    },
  )
})
