import { withinMs } from './within-ms.ts'

/** A check per dependency: resolves if it can be used, rejects otherwise. */
export type Checks = Record<string, () => Promise<unknown>>

/** Whether a dependency answered, and how many milliseconds it took to find out. */
export type DependencyState = { status: 'up' | 'down'; ms: number }

const deadlineMs = 1_000

/** Asks all dependencies at once. One that does not answer within a second is down. */
export async function checkDependencies(checks: Checks): Promise<Record<string, DependencyState>> {
  const results = Object.entries(checks).map(
    async ([name, check]) => [name, await timeCheck(check)] as const,
  )
  return Object.fromEntries(await Promise.all(results))
}

async function timeCheck(check: () => Promise<unknown>): Promise<DependencyState> {
  const started = performance.now()
  const status = await withinMs(deadlineMs, check).then(
    () => 'up' as const,
    () => 'down' as const,
  )
  return { status, ms: Math.round(performance.now() - started) }
}
