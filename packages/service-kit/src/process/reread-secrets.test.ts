import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const fixture = fileURLToPath(new URL('reread-secrets.fixture.ts', import.meta.url))

let dir: string
let file: string
let child: ChildProcess
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'secrets-'))
  file = join(dir, 'first')
  await writeFile(file, 'the former secret')
  child = spawn(process.execPath, [fixture], { env: { FIRST_FILE: file }, stdio: 'pipe' })
  expect(await nextLine()).toBe('ready')
})
afterEach(async () => {
  child.kill('SIGKILL')
  await rm(dir, { recursive: true })
})

async function nextLine(): Promise<string> {
  const [data]: unknown[] = await once(child.stdout ?? child, 'data')
  return String(data).trim()
}

async function hangUp(): Promise<string> {
  child.kill('SIGHUP')
  return await nextLine()
}

async function inUse(): Promise<unknown> {
  child.stdin?.write('\n')
  return JSON.parse(await nextLine()).inUse
}

describe('SIGHUP', () => {
  it('rereads the secrets that come from files, and no others', async () => {
    await writeFile(file, 'the new secret,the former secret')
    expect(await hangUp()).toContain('"changed":["FIRST"]')
    expect(await inUse()).toEqual({
      FIRST: ['the new secret', 'the former secret'],
      SECOND: ['made up'],
    })
  })

  it('keeps the former secrets if a file cannot be read, and logs the reason', async () => {
    await rm(file)
    const line = await hangUp()
    expect(line).toContain('cannot be read')
    expect(line).not.toContain('the former secret,')
    expect(await inUse()).toMatchObject({ FIRST: ['the former secret'] })
  })
})
