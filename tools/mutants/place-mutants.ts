import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findMutants, type Mutant } from './find-mutants.ts'

export type PlacedMutant = Mutant & { file: string }

/** Every mutant of the sources in a folder. */
export function placeMutants(root: string, folder: string): PlacedMutant[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root })
    .filter((file) => !/\.(test|fixture|openapi)\.ts$/.test(file))
    .toSorted()
    .flatMap((file) =>
      findMutants(readFileSync(join(root, file), 'utf8')).map((mutant) => ({ ...mutant, file })),
    )
}

/** Some of them, the same for the same seed as long as their code is the same. */
export function sampleMutants(
  mutants: PlacedMutant[],
  { size, seed }: { size: number; seed: string },
): PlacedMutant[] {
  const rank = ({ file, code, change }: PlacedMutant) =>
    createHash('sha256').update([seed, file, code, change].join('\0')).digest('hex')
  return mutants
    .map((mutant) => ({ mutant, at: rank(mutant) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, size)
    .map(({ mutant }) => mutant)
}
