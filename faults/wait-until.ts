import { setTimeout as sleep } from 'node:timers/promises'

/** Polls until it is true, and returns whether that happened in time. */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  patienceMs: number,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > deadline) return false
    await sleep(50)
  }
  return true
}
