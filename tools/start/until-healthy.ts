import { setTimeout as sleep } from 'node:timers/promises'
import type { StartSettings } from './read-start-settings.ts'
import { StartError } from './start-error.ts'

const patienceMs = 60_000

/** Waits until every server answers. @throws StartError for one that does not within a minute */
export async function untilHealthy(
  settings: Pick<StartSettings, 'authServer' | 'productServer' | 'workerPort'>,
): Promise<void> {
  const { authServer, productServer, workerPort } = settings
  const worker = `http://127.0.0.1:${workerPort}`
  await Promise.all([authServer, productServer, worker].map(untilAnswers))
}

async function untilAnswers(server: string): Promise<void> {
  const deadline = Date.now() + patienceMs
  // oxlint-disable no-await-in-loop -- one question after the other
  while (!(await answers(`${server}/healthz`))) {
    if (Date.now() > deadline) throw new StartError(`${server} does not answer.`)
    await sleep(100)
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    (answer) => answer.ok,
    () => false,
  )
}
