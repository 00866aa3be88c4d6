import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { jestRun } from './jest-run.ts'
import type { PlacedMutant } from './place-mutants.ts'

/** A test file that is green without a mutant. */
export type NearTest = {
  file: string
  milliseconds: number
  /** The indexes of the mutants whose statement it runs. */
  reached: Set<number>
}

/** Runs the tests once on sources whose statements note that they are reached. */
export async function runMarkedTests(
  mutants: PlacedMutant[],
  { copy, tests, env }: { copy: string; tests: string[]; env: NodeJS.ProcessEnv },
): Promise<{ near: NearTest[]; red: string[] }> {
  const notes = await mkdtemp(join(tmpdir(), 'mutants-reached-'))
  const originals = await mark(mutants, copy)
  try {
    const results = join(notes, 'results')
    const setup = [join(copy, 'tools/test/retry-once.ts'), join(copy, 'tools/mutants/reached.ts')]
    const args = [
      '--json',
      `--outputFile=${results}`,
      ...setup.map((file) => `--setupFilesAfterEnv=${file}`),
      '--runTestsByPath',
      ...tests,
    ]
    const ended = await jestRun(copy, {
      args,
      env: { ...env, CI: 'true', MUTANTS_REACHED: notes },
      limit: 900_000,
    })
    const text = await readFile(results, 'utf8').catch(() => '')
    if (text === '') throw new Error(`The tests did not run:\n${ended.output.slice(-2000)}`)
    const reached = await readNotes(notes)
    const files: { name: string; status: string; startTime: number; endTime: number }[] =
      JSON.parse(text).testResults
    return {
      near: files
        .filter(({ status }) => status === 'passed')
        .map(({ name, startTime, endTime }) => ({
          file: relative(copy, name),
          milliseconds: endTime - startTime,
          reached: reached.get(name) ?? new Set(),
        })),
      red: files
        .filter(({ status }) => status !== 'passed')
        .map(({ name }) => relative(copy, name)),
    }
  } finally {
    await Promise.all([...originals].map(([file, text]) => writeFile(join(copy, file), text)))
    await rm(notes, { recursive: true })
  }
}

/** Writes the marks, and returns what the files were. */
async function mark(mutants: PlacedMutant[], copy: string): Promise<Map<string, string>> {
  const originals = new Map<string, string>()
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    // oxlint-disable-next-line no-await-in-loop
    const source = await readFile(join(copy, file), 'utf8')
    originals.set(file, source)
    const marks = mutants
      .map(({ statement, file: ofFile }, index) => ({ statement, index, isHere: ofFile === file }))
      .filter(({ isHere }) => isHere)
      .toSorted((a, b) => b.statement - a.statement)
    const bytes = marks.reduce(
      (rest, { statement, index }) =>
        Buffer.concat([
          rest.subarray(0, statement),
          Buffer.from(`;(globalThis.reachedMutants ??= new Set()).add(${index});`),
          rest.subarray(statement),
        ]),
      Buffer.from(source),
    )
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(join(copy, file), bytes)
  }
  return originals
}

async function readNotes(folder: string): Promise<Map<string, Set<number>>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const notes: { testPath: string; reached: number[] }[] = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  )
  return new Map(notes.map(({ testPath, reached }) => [testPath, new Set(reached)]))
}
