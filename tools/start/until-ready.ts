import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { StartError } from './start-error.ts'

const readiness = z.object({ dependencies: z.record(z.string(), z.object({ status: z.string() })) })

/**
 * Waits until the auth server can use its dependencies.
 *
 * @throws StartError that names the missing ones if it takes too long
 */
export async function untilReady(authServer: string, patienceMs = 60_000): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    // oxlint-disable no-await-in-loop -- one request after the other
    const problem = await problemOf(`${authServer}/readyz`)
    if (problem === undefined) return
    if (Date.now() > deadline) throw new StartError(`${authServer} ${problem}.`)
    await sleep(100)
  }
}

async function problemOf(address: string): Promise<string | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(2000) })
    // With TRUST_PROXY or in production, readiness needs the token: a 404 means that the server is up.
    if (answer.ok || answer.status === 404) return undefined
    const { success, data } = readiness.safeParse(await answer.json())
    if (success) return `cannot use ${down(data).join(' and ')}`
  } catch {
    // Treated like any other answer.
  }
  return 'does not answer'
}

function down({ dependencies }: z.infer<typeof readiness>): string[] {
  return Object.entries(dependencies)
    .filter(([, { status }]) => status === 'down')
    .map(([name]) => name)
}
