import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/**
 * Locks a data folder against a second start: two databases on the same files destroy them.
 *
 * @returns a function that unlocks it
 * @throws StartError while another process holds the folder
 */
export async function lockData(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, 'start.pid')
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (isAlive(holder))
    throw new StartError(
      `npm start is already running here (process ${holder}). If it is not, remove ${file}`,
    )
  await rm(file, { force: true })
  const handle = await open(file, 'wx')
  await handle.writeFile(String(process.pid))
  await handle.close()
  return () => rm(file, { force: true })
}

function isAlive(pid: number): boolean {
  if (pid === 0 || pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
