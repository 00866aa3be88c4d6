import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { applyMutant } from './find-mutants.ts'
import { jestRun } from './jest-run.ts'
import type { PlacedMutant } from './place-mutants.ts'
import type { NearTest } from './run-marked-tests.ts'

// A survivor has passed its nearest tests, up to this time of theirs.
const longest = 180_000

/** Whether one of the tests fails with the mutant, and which. */
export async function tryMutant(
  mutant: PlacedMutant,
  { copy, tests, env }: { copy: string; tests: NearTest[]; env: NodeJS.ProcessEnv },
): Promise<{ killedBy: string | undefined }> {
  if (tests.length === 0) return { killedBy: undefined }
  const path = join(copy, mutant.file)
  const source = await readFile(path, 'utf8')
  const files = tests.map(({ file }) => join(copy, file))
  const usual = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  await writeFile(path, applyMutant(source, mutant))
  try {
    const { code, output, timedOut } = await jestRun(copy, {
      args: [
        '--runInBand',
        `--reporters=${join(copy, 'tools/mutants/stop-at-failure.ts')}`,
        `--testSequencer=${join(copy, 'tools/mutants/given-order.ts')}`,
        '--runTestsByPath',
        ...files,
      ],
      // Without retries.
      env: { ...env, CI: '', MUTANTS_TESTS: files.join('\n') },
      limit: 20_000 + 3 * usual,
    })
    if (timedOut) return { killedBy: 'the time limit' }
    return { killedBy: code === 0 ? undefined : (output.trim().split('\n')[0] ?? 'an error') }
  } finally {
    await writeFile(path, source)
  }
}

/** The tests that run the mutant's statement, the nearest and fastest first. */
export function testsNear(mutant: PlacedMutant, index: number, tests: NearTest[]): NearTest[] {
  const near = tests
    .filter(({ reached }) => reached.has(index))
    .map((test) => ({ test, distance: distanceOf(mutant.file, test.file) }))
    .toSorted((a, b) => a.distance - b.distance || a.test.milliseconds - b.test.milliseconds)
    .map(({ test }) => test)
  let sum = 0
  return near.filter((test, place) => {
    sum += test.milliseconds
    return place === 0 || sum <= longest
  })
}

/** How many folders lie between two files. */
function distanceOf(file: string, test: string): number {
  const [a, b] = [dirname(file).split('/'), dirname(test).split('/')]
  const common = a.findIndex((part, place) => part !== b[place])
  return common === -1 ? b.length - a.length : a.length + b.length - 2 * common
}
