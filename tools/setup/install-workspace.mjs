import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { runQuietly } from './run-quietly.mjs'
import { showStep } from './show-step.mjs'

const stampFile = join(root, 'node_modules', '.installed-for')

/** Installs what the lock file says, unless the last installation was for exactly the same files. */
export async function installWorkspace() {
  const stamp = stampOf(root)
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  // Without a terminal, pnpm rebuilds node_modules only in CI. In production it would leave out what this needs.
  await showStep('Installing the workspace', () =>
    runQuietly('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
      CI: 'true',
      NODE_ENV: 'development',
    }),
  )
  writeFileSync(stampFile, stamp)
}

/** A hash of every file that affects what is installed in the workspace at `folder`. */
export function stampOf(folder) {
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageFiles(folder)])
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0')
  return hash.digest('hex')
}

function packageFiles(folder) {
  const inGroups = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(folder, group)).map((name) => join(group, name, 'package.json')),
  )
  const present = [...inGroups, join('bench', 'package.json')].filter((file) =>
    existsSync(join(folder, file)),
  )
  return ['package.json', ...present.toSorted((a, b) => (a < b ? -1 : 1))]
}
