import { setTimeout as sleep } from 'node:timers/promises'

/** Whether it came true within that time; asked again and again. */
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
