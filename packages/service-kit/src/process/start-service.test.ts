import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

/** Runs a server's main in a process of its own. */
function run(body: string) {
  const kit = fileURLToPath(new URL('start-service.ts', import.meta.url))
  const code = `import { startService } from '${kit}'; await startService('shop', async () => { ${body} })`
  const args = ['-C', 'source', '--input-type=module', '--eval', code]
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}

describe('startService', () => {
  it('says in words why a server cannot start, with the cause, and exits 1', () => {
    const { status, stderr } = run(
      `throw new Error('MongoDB cannot be reached.', { cause: new Error('connection refused') })`,
    )
    expect([status, stderr]).toEqual([
      1,
      'shop cannot start. MongoDB cannot be reached. (connection refused)\n',
    ])
  })

  it('prints nothing for a server that starts', () => {
    expect(run('')).toMatchObject({ status: 0, stderr: '' })
  })
})
