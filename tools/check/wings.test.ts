import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../../', import.meta.url))
const sources = join(root, 'apps/auth-server/src')
const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
const picture = /^apps\/auth-server\/src\/.*\n((?: {2,}.*\n)+)/m.exec(map)?.[1] ?? ''

/** The wings as the map draws them, from the ground up. */
const wings = [...picture.matchAll(/^ {2}([\w-]+)\/ /gm)].map(([, wing = '']) => wing)

/** Wings on one floor: neither imports the other. */
const besides = [
  ['accounts', 'oauth'],
  ['cli', 'demo', 'openapi'],
]

type Arrow = { from: string; to: string }

const isProgram = (file: string) => file.endsWith('.ts') && !file.endsWith('.test.ts')
const wingOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : undefined)

/** Every import of one wing's file by another's, types included. */
function arrows(): Arrow[] {
  const files = globSync('**/*.ts', { cwd: sources }).filter(isProgram)
  return files.flatMap((from) =>
    [...readFileSync(join(sources, from), 'utf8').matchAll(/from '(\.[^']+)'/g)]
      .map(([, given = '']) => ({ from, to: normalize(join(dirname(from), given)) }))
      .filter(({ to }) => wingOf(from) !== wingOf(to)),
  )
}

function isAgainst({ from, to }: Arrow): boolean {
  const [lower, upper] = [wingOf(from), wingOf(to)]
  if (lower === undefined) return false // an entry point, which is above everything
  if (upper === undefined) return true
  const isBeside = besides.some((floor) => floor.includes(lower) && floor.includes(upper))
  return isBeside || wings.indexOf(upper) > wings.indexOf(lower)
}

describe('the wings of the auth server', () => {
  it('are all on the map', () => {
    const entries = readdirSync(sources, { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    expect([...wings].toSorted()).toEqual(folders.toSorted())
  })

  it('import only from wings below them', () => {
    expect(arrows().length).toBeGreaterThan(500)
    expect(arrows().filter(isAgainst)).toEqual([])
  })
})
