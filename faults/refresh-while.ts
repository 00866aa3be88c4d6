import { setTimeout as sleep } from 'node:timers/promises'
import type { History } from './history.ts'
import type { TokenHolders } from './token-holders.ts'

type Options = { holders: TokenHolders; families: number; history: History; origin?: string }

/**
 * Refreshes this many families again and again during `work`. After no answer or a 503, a holder tries
 * again with the same token, as a client does.
 *
 * @returns how often each answer came, and the families that were refused (burnt)
 */
export async function refreshWhile(
  { holders, families, history, origin }: Options,
  work: () => Promise<unknown>,
): Promise<{ statuses: Record<string, number>; burnt: number }> {
  const statuses: Record<string, number> = {}
  const done = new AbortController()
  let burnt = 0

  async function hold(first: string): Promise<void> {
    let token = first
    // Whether the last answer is known: the end waits for that.
    for (let isSure = false; !isSure || !done.signal.aborted;) {
      const shown = await holders.refresh(token, origin)
      statuses[shown.status] = (statuses[shown.status] ?? 0) + 1
      isSure = shown.status === 200 || shown.status === 400
      ;({ token } = shown)
      if (shown.status === 400) {
        burnt += 1
        return
      }
      // A short pause, so that a server that is starting gets to its database.
      await sleep(isSure ? 10 : 50)
    }
  }
  const firsts = await Promise.all(Array.from({ length: families }, () => holders.begin()))
  const holding = Promise.all(firsts.map(hold))
  await work()
  done.abort()
  await holding
  history.record({ what: 'refreshed', statuses, burnt })
  return { statuses, burnt }
}
