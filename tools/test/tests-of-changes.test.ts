import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { testsOfChanges } from './tests-of-changes.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tests-of-changes-'))
  git('init', '--quiet', '--initial-branch=main')
  write('src/mail/send.ts', 'src/mail/send.test.ts', 'src/mail/looks/colours.ts')
  write('src/users/find.ts', 'src/users/find.test.ts', 'README.md')
  commit()
})
afterEach(() => rmSync(root, { recursive: true }))

function git(...args: string[]): void {
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
  execFileSync('git', [...author, ...args], { cwd: root })
}

function write(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), String(Math.random()))
  }
}

function commit(): void {
  git('add', '--all')
  git('commit', '--quiet', '--message', 'change')
}

describe('npm test -- --changed', () => {
  it('runs nothing when nothing changed', async () => {
    expect(await testsOfChanges(root)).toEqual([])
  })

  it('runs the tests beside a changed file', async () => {
    write('src/mail/send.ts')
    expect(await testsOfChanges(root)).toEqual(['src/mail/send.test.ts'])
  })

  it('looks in the folders above when a folder has no tests', async () => {
    write('src/mail/looks/colours.ts')
    expect(await testsOfChanges(root)).toEqual(['src/mail/send.test.ts'])
  })

  it('runs a changed test, and a new one', async () => {
    write('src/users/find.test.ts', 'src/users/list.test.ts')
    const both = ['src/users/find.test.ts', 'src/users/list.test.ts']
    expect(await testsOfChanges(root)).toEqual(both)
  })

  it('counts what a branch has committed since main', async () => {
    git('checkout', '--quiet', '-b', 'feature')
    write('src/users/find.ts')
    commit()
    write('src/mail/send.ts')
    const both = ['src/mail/send.test.ts', 'src/users/find.test.ts']
    expect(await testsOfChanges(root)).toEqual(both)
  })

  it('skips a test that was deleted', async () => {
    rmSync(join(root, 'src/users/find.test.ts'))
    expect(await testsOfChanges(root)).toEqual([])
  })

  it('runs nothing for a file that no test is near', async () => {
    write('README.md')
    expect(await testsOfChanges(root)).toEqual([])
  })
})
