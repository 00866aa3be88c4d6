import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { findFreePort } from './free-port.ts'

/**
 * A free port, the same as last time if it is still free: addresses that people have copied stay valid over
 * a restart.
 *
 * @param file remembers the port
 */
export async function keptPort(file: string): Promise<number> {
  const kept = Number(await readFile(file, 'utf8').catch(() => NaN))
  const port = await findFreePort(isPort(kept) ? kept : undefined)
  if (port !== kept) {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, String(port))
  }
  return port
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number > 0 && number < 65_536
}
