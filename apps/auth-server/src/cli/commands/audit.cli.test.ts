import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startOperatedServer } from '../../../testing/operated-server.fixture.ts'

let server: Awaited<ReturnType<typeof startOperatedServer>>
let dir: string
let username: string

beforeAll(async () => {
  server = await startOperatedServer()
  dir = await mkdtemp(join(tmpdir(), 'audit-'))
  username = (await server.addUser()).username
  for (let times = 0; times < 3; times += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await server.signIn(username)
  }
  await server.audited()
})
afterAll(async () => {
  await server.close()
  await rm(dir, { recursive: true })
})

describe('audit list', () => {
  it('shows the events that match, a page at a time', async () => {
    const asked = ['audit', 'list', '--subject', username, '--limit', '2']
    const first = await server.cli.json(asked)
    expect(first.events).toMatchObject([{ event: 'signed_in' }, { event: 'signed_in' }])
    const rest = await server.cli.json([...asked, '--after', first.next])
    expect(rest).toMatchObject({ events: [{ subjectName: username }], next: null })
    const { stdout } = await server.cli.run([...asked, '--event', 'signed_out'])
    expect(stdout).toBe('No event matches.\n')
  })

  it('refuses an invalid filter', async () => {
    const { code, stderr } = await server.cli.run(['audit', 'list', '--from', 'yesterday'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('from')])
  })
})

describe('audit export', () => {
  it('writes the events that match to a file that others cannot read', async () => {
    const file = join(dir, 'one.csv')
    const asked = ['audit', 'export', file, '--subject', username]
    expect(await server.cli.json(asked)).toEqual({ file, events: 3 })
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\r\n')
    expect(rows).toHaveLength(4)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  it('does not overwrite a file', async () => {
    const file = join(dir, 'two.csv')
    await server.cli.json(['audit', 'export', file])
    const { code, stderr } = await server.cli.run(['audit', 'export', file])
    expect([code, stderr]).toEqual([1, expect.stringContaining('EEXIST')])
  })
})
