import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promises } from './promises.ts'

/** A test that keeps a promise: its file and title. */
type Keeping = { file: string; title: string }

const titlePattern =
  /\b(?:it|test|describe)(?:\.each\([\s\S]*?\n?\s*\]?\))?\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*?)\1/g
const folders = ['apps/*/src', 'packages/*/src', 'tools', 'e2e', 'faults']

/** Draws the table of promises and their tests as Markdown, from the titles of the tests. */
export async function drawTable(root: string): Promise<string> {
  const keepings = await findKeepings(root)
  const rows = Object.entries(promises).map(([id, text]) => {
    const kept = keepings.get(id) ?? []
    return `| ${id} | ${text} | ${kept.map(drawKeeping).join('<br>') || '**no test yet**'} |`
  })
  const without = Object.keys(promises).filter((id) => !keepings.has(id))
  return [
    '# Promises and the tests that keep them',
    '',
    'Each promise has an id, and a test that keeps it names the id in its title. **R** is a requirement of our',
    'own, **C** a case that went wrong in other systems, **F** a fault that the system survives, and **N** a',
    'number that has to hold over many runs.',
    '',
    '`pnpm promises` generates this table from the titles of the tests; a test fails if it is out of date.',
    '',
    without.length === 0
      ? 'Every promise has a test.'
      : `Without a test yet: ${without.join(', ')}.`,
    '',
    '| id | promise | kept by |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

async function findKeepings(root: string): Promise<Map<string, Keeping[]>> {
  const found = new Map<string, Keeping[]>()
  const patterns = folders.map((folder) => `${folder}/**/*.test.ts`)
  const files: string[] = []
  const isForeign = (name: string) => name.includes('node_modules')
  for await (const file of glob(patterns, { cwd: root, exclude: isForeign })) files.push(file)
  for (const file of files.toSorted()) {
    // oxlint-disable-next-line no-await-in-loop -- a thousand open files are too many
    const source = await readFile(join(root, file), 'utf8')
    for (const [, , title = ''] of source.matchAll(titlePattern))
      for (const id of idsIn(title)) found.set(id, [...(found.get(id) ?? []), { file, title }])
  }
  return found
}

function idsIn(title: string): Set<string> {
  const known = [...title.matchAll(/\b[RCFN]\d{1,2}\b/g)].map(([id]) => id)
  return new Set(known.filter((id) => id in promises))
}

function drawKeeping({ file, title }: Keeping): string {
  const words = title
    .replaceAll(/\(?\b[RCFN]\d{1,2}\b\)?,?/g, '')
    .replaceAll(/[()]\s*[,]?\s*(?=[()]|$)/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .trim()
  return `${words} (${file.split('/').at(-1)})`
}
