import { execFile } from 'node:child_process'
import { cp, mkdtemp } from 'node:fs/promises'
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A copy of the workspace as it is now, with everything installed. It goes with this process. */
export async function makeCopy(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'mutants-'))
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard']
  const { stdout } = await run('git', listed, { cwd: root, maxBuffer: 2 ** 26 })
  for (const file of stdout.split('\n').filter((name) => existsSync(join(root, name)) && name))
    // oxlint-disable-next-line no-await-in-loop -- thousands at once would be too many
    await cp(join(root, file), join(copy, file))
  const install = "await (await import('./tools/setup/install-workspace.mjs')).installWorkspace()"
  await run(process.execPath, ['--input-type=module', '--eval', install], { cwd: copy })
  return copy
}
