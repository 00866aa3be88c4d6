import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from './root.mjs'

/**
 * The path of the embedded MongoDB once it is built. It is in the user's cache folder, under a hash of its
 * sources, so that another clone finds it. A build under the project's earlier name is still used.
 */
export function embeddedMongoPath(env) {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const name = `embedded-mongo-${hashSources()}`
  const earlier = join(cache, 'sign-in', name)
  return existsSync(earlier) ? earlier : join(cache, 'latchkey', name)
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
