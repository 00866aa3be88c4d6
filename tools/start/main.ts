import { setTimeout as sleep } from 'node:timers/promises'
import { startConstellation, type Stop } from './start-constellation.ts'
import { say } from './say.ts'
import { tellProblem } from './tell-problem.ts'
import { waitForStop } from './wait-for-stop.ts'

const patienceMs = 14_000

/** `npm start`: runs everything until it is stopped or a part fails, and returns the exit code. */
async function main(): Promise<number> {
  const abort = new AbortController()
  const stops: Stop[] = []
  const stopped = waitForStop()
  const running = startConstellation({ args: process.argv.slice(2), stops, signal: abort.signal })
  try {
    await Promise.race([stopped, running])
    return 0
  } catch (error) {
    tellProblem(error)
    return 1
  } finally {
    say('Stopping …')
    await Promise.race([endAll(), sleep(patienceMs)])
    say('Everything has stopped.')
  }

  async function endAll(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- servers first, then what they need
    for (const stop of stops.toReversed()) await stop()
    abort.abort()
    await running.catch(() => undefined)
  }
}

process.exit(await main())
