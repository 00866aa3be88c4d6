import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from './root.mjs'

/**
 * Where the embedded MongoDB is kept once it is built: in the user's cache folder, under a hash of what
 * it is made of, so that another clone finds it.
 */
export function embeddedMongoPath(env) {
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sign-in')
  return join(cache, `embedded-mongo-${hashSources()}`)
}

function hashSources() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of sources())
    hash.update(`\n${file}\n`).update(readFileSync(join(root, 'tools', file)))
  return hash.digest('hex').slice(0, 16)
}

function sources() {
  const files = readdirSync(join(root, 'tools/embedded-mongo'), { recursive: true })
    .filter((name) => /\.(go|mod|sum)$/.test(name))
    .map((name) => join('embedded-mongo', name))
  return [...files, 'services/ferretdb-edits.ts'].toSorted((a, b) => (a < b ? -1 : 1))
}
