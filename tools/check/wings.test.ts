import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../', import.meta.url))
const sources = join(root, 'apps/auth-server/src')
const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
const picture = /^apps\/auth-server\/src\/.*\n((?: {2,}.*\n)+)/m.exec(map)?.[1] ?? ''

/** The wings in the order of the map, from the ground up. */
const wings = [...picture.matchAll(/^ {2}([\w-]+)\/ /gm)].map(([, wing = '']) => wing)

/** Wings on the same floor: none imports another. */
const besides = [
  ['accounts', 'oauth'],
  ['cli', 'demo', 'openapi'],
]

type Import = { from: string; to: string }

const isProgram = (file: string) => file.endsWith('.ts') && !file.endsWith('.test.ts')
const wingOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : undefined)

const folderOf = (file: string) => dirname(file)

/** Every import between files of two places, including types. */
function importsBetween(placeOf: (file: string) => string | undefined): Import[] {
  const files = globSync('**/*.ts', { cwd: sources }).filter(isProgram)
  return files.flatMap((from) =>
    [...readFileSync(join(sources, from), 'utf8').matchAll(/from '(\.[^']+)'/g)]
      .map(([, given = '']) => ({ from, to: normalize(join(dirname(from), given)) }))
      .filter(({ to }) => placeOf(from) !== placeOf(to)),
  )
}

function isAgainst({ from, to }: Import): boolean {
  const [lower, upper] = [wingOf(from), wingOf(to)]
  if (lower === undefined) return false // an entry point is above everything
  if (upper === undefined) return true
  const isBeside = besides.some((floor) => floor.includes(lower) && floor.includes(upper))
  return isBeside || wings.indexOf(upper) > wings.indexOf(lower)
}

/**
 * The folders that each folder inside a wing reaches. Files directly in a wing do not count: the whole
 * wing shares them, or they assemble its folders.
 */
function reachable(imports: Import[]): Map<string, Set<string>> {
  const reached = new Map<string, Set<string>>()
  const steps = imports
    .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
    .filter(({ from, to }) => from.includes('/') && to.includes('/'))
  function visit(start: string, folder: string): void {
    const found = reached.get(start) ?? new Set()
    reached.set(start, found)
    for (const { to } of steps.filter(({ from }) => from === folder))
      if (!found.has(to)) {
        found.add(to)
        visit(start, to)
      }
  }
  for (const { from } of steps) visit(from, from)
  return reached
}

/** The folders that reach themselves. */
function cyclesIn(imports: Import[]): string[] {
  return [...reachable(imports)]
    .filter(([start, found]) => found.has(start))
    .map(([start]) => start)
}

describe('the wings of the auth server', () => {
  it('are all in the map', () => {
    const entries = readdirSync(sources, { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    expect([...wings].toSorted()).toEqual(folders.toSorted())
  })

  it('import only from wings below them', () => {
    expect(importsBetween(wingOf).length).toBeGreaterThan(500)
    expect(importsBetween(wingOf).filter(isAgainst)).toEqual([])
  })

  it('have no cycle between folders', () => {
    expect(importsBetween(folderOf).length).toBeGreaterThan(700)
    expect(cyclesIn(importsBetween(folderOf))).toEqual([])
  })

  it('would have one if a folder imported back, even through a third', () => {
    const back = { from: 'oauth/families/find-family.ts', to: 'oauth/authorize/authorize.ts' }
    expect(cyclesIn([...importsBetween(folderOf), back])).toEqual(
      expect.arrayContaining(['oauth/families', 'oauth/authorize', 'oauth/tokens']),
    )
  })
})
