import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The test files nearest to what changed since `main`, committed or not: a changed test itself, and
 * for any other file the tests of its folder, or of the closest folder above that has some.
 *
 * @returns paths from the root, sorted
 */
export async function testsOfChanges(root: string): Promise<string[]> {
  const changed = await changedFiles(root)
  return [...new Set(changed.flatMap((file) => testsOf(root, file)))].toSorted()
}

async function changedFiles(root: string): Promise<string[]> {
  const base = await git(root, 'merge-base', 'HEAD', await mainBranch(root))
  const lists = await Promise.all([
    git(root, 'diff', '--name-only', base),
    git(root, 'ls-files', '--others', '--exclude-standard'),
  ])
  return lists.flatMap((list) => list.split('\n')).filter((file) => file !== '')
}

/** A fork's own `main` may lag behind, so the remote's comes first. */
async function mainBranch(root: string): Promise<string> {
  const found = await git(root, 'rev-parse', '--verify', 'origin/main').catch(() => '')
  return found === '' ? 'main' : found
}

function testsOf(root: string, file: string): string[] {
  if (file.endsWith('.test.ts')) return existsSync(join(root, file)) ? [file] : []
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    const tests = globSync(`${folder}/*.test.ts`, { cwd: root })
    if (tests.length > 0) return tests
  }
  return []
}

async function git(root: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: root })
  return stdout.trim()
}
