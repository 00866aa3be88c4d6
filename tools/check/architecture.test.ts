import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
const map = /## Where things are\s+```\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
const foreign = new Set(['node_modules', 'dist'])

/** The folders in the map. A line that starts with a path is the parent of the lines below it. */
function namedFolders(): string[] {
  let place = ''
  return map.split('\n').flatMap((line) => {
    const names = [...line.matchAll(/(?<=^|[\s,])[\w-]+(?:\/[\w-]+)*\/(?=[\s,;:]|$)/g)].map(String)
    if (!/^\S/.test(line)) return names.map((name) => place + name)
    place = names[0] ?? ''
    const isWhole = (name: string) => existsSync(join(root, name.replace(/\/.*$/, '')))
    return names.map((name) => (isWhole(name) ? name : place + name))
  })
}

/** The folders that are not empty, written as in the map. */
function foldersIn(pattern: string): string[] {
  return globSync(pattern, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !foreign.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readdirSync(path).length > 0)
    .map((path) => `${path.slice(root.length)}/`)
}

describe('ARCHITECTURE.md', () => {
  it('names no folder that does not exist', () => {
    expect(namedFolders().length).toBeGreaterThan(40)
    expect(namedFolders().filter((name) => !existsSync(join(root, name)))).toEqual([])
  })

  it.each([
    'apps/*/src',
    'apps/*/src/*',
    'packages/*/src',
    'packages/*/src/*',
    'tools/*',
    'examples/*',
    '{bench,docs,e2e,faults}',
  ])('names every folder of %s', (pattern) => {
    const named = new Set(namedFolders())
    expect(foldersIn(pattern).filter((folder) => !named.has(folder))).toEqual([])
  })

  it('names no file that does not exist', () => {
    const sources = ['apps/*/src', 'packages/*/src', 'tools', 'e2e', 'faults', 'bench', 'examples']
    const files = globSync(`{${sources.join()}}/**/*.ts`, {
      cwd: root,
      exclude: (name) => foreign.has(basename(name)),
    })
    const known = new Set(files.map((file) => basename(file)))
    const named = [...text.matchAll(/(?<![\w*])[\w.-]+\.ts\b/g)].map(String)
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })
})
