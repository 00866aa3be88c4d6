import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import { runJest } from './run-jest.ts'

const folder = mkdtempSync(join(tmpdir(), 'run-jest-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs jest with the counting reporter on one file. */
function run(name: string, content: string) {
  writeFileSync(join(folder, name), content)
  const reporters = [fileURLToPath(new URL('count-results.ts', import.meta.url))]
  const config = JSON.stringify({ rootDir: folder, reporters, transform: {} })
  return runJest(['--config', config, name], { ...process.env, NODE_OPTIONS: '' })
}

describe('the closing line of npm test', () => {
  it('counts each test', async () => {
    const content = `it('a', () => {}); it('b', () => { throw 1 }); it('c', () => { throw 1 })`
    expect(await run('three.test.js', content)).toEqual({ passed: 1, failed: 2 })
  })

  it('counts a file that cannot run as one failed test', async () => {
    writeFileSync(join(folder, 'half.broken.test.js'), `it('a',`)
    expect(await run('broken.test.js', `it('a',`)).toEqual({ passed: 0, failed: 2 })
  })

  it('is not green if nothing ran', async () => {
    expect(await run('none.js', '')).toEqual({ passed: 0, failed: 1 })
  })

  it('is green if every test passed', async () => {
    expect(await run('one.test.js', `it('a', () => {})`)).toEqual({ passed: 1, failed: 0 })
  })
})
