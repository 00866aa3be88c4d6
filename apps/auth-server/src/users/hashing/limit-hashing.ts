import { AsyncLocalStorage } from 'node:async_hooks'
import { availableParallelism } from 'node:os'
import { unavailable } from 'service-kit'

/** Node has four threads for such work: one stays free for everything else. */
const AT_ONCE = Math.min(availableParallelism(), 3)

/** How long a password may wait for its turn, ms: after that the answer would come too late. */
const PATIENCE_MS = 8000

type Waiting = { start: () => void; isFirst: boolean }

const waiting: Waiting[] = []
const known = new AsyncLocalStorage<true>()
let running = 0

/**
 * Runs what asks for costly work on behalf of somebody we know, by their browser or their session: they
 * come before strangers, whose guesses would make them wait for all of it.
 */
export function beforeStrangers<Result>(work: () => Promise<Result>): Promise<Result> {
  return known.run(true, work)
}

/**
 * Does costly work when its turn comes. Without turns a burst of guesses would make everybody else
 * wait for all of it, and the end of the process too.
 *
 * @throws Problem 503 `temporarily_unavailable` when it has waited for 8 s
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

/** The one that ends hands its place on, so that nobody gets in between. */
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
      reject(unavailable(new Error('too many passwords at once')))
    }, PATIENCE_MS)
    waiting.push(own)
  })
}
