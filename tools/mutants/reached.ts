import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from '@jest/globals'

// Notes for each test file which marked statements it ran; `run-marked-tests.ts` reads the notes.
const { MUTANTS_REACHED: folder = '' } = process.env
const { testPath = '' } = expect.getState()

afterAll(() => {
  const reached: unknown = Object(globalThis).reachedMutants
  const note = { testPath, reached: reached instanceof Set ? [...reached] : [] }
  writeFileSync(
    join(folder, `${encodeURIComponent(testPath).slice(-200)}.json`),
    JSON.stringify(note),
  )
})
