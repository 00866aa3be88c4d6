import { AsyncLocalStorage } from 'node:async_hooks'
import { availableParallelism } from 'node:os'
import { unavailable } from 'service-kit'

/** Node has four threads for such work; one stays free for everything else. */
const AT_ONCE = Math.min(availableParallelism(), 3)

/** How long work may wait for its turn, in ms; later the answer would be of no use. */
const PATIENCE_MS = 8000

type Waiting = { start: () => void; isFirst: boolean }

const waiting: Waiting[] = []
const known = new AsyncLocalStorage<true>()
let running = 0

/**
 * Runs `work` for somebody known by their device or session. Their hashing goes before that of
 * strangers, so that a flood of guesses does not make them wait.
 */
export function beforeStrangers<Result>(work: () => Promise<Result>): Promise<Result> {
  return known.run(true, work)
}

/**
 * Runs costly work when its turn comes. Without turns, a burst of guesses would delay everybody else
 * and the shutdown of the process.
 *
 * @throws Problem 503 `temporarily_unavailable` if its turn has not come within 8 s
 */
export async function limitHashing<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) await turn()
  else running += 1
  try {
    return await work()
  } finally {
    const next = nextInLine()
    if (next) next.start()
    else running -= 1
  }
}

function nextInLine(): Waiting | undefined {
  const at = waiting.findIndex(({ isFirst }) => isFirst)
  return waiting.splice(Math.max(at, 0), 1)[0]
}

/** Finished work passes its turn on, so that nothing gets in between. */
function turn(): Promise<void> {
  return new Promise((resolve, reject) => {
    const own: Waiting = {
      isFirst: known.getStore() === true,
      start() {
        clearTimeout(timer)
        resolve()
      },
    }
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(own), 1)
      reject(unavailable(new Error('too many passwords to hash at once')))
    }, PATIENCE_MS)
    waiting.push(own)
  })
}
