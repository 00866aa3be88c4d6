/** Resolves with a function that ends the turn, when the caller's turn comes. */
export type TakeTurn = () => Promise<() => void>

/**
 * Gives turns one after the other, in the order of the requests, while each ends within `patienceMs`.
 * After one exceeds it, nobody waits for a turn until one is fast again.
 */
export function oneByOne(patienceMs: number): TakeTurn {
  const waiting: (() => void)[] = []
  let running = 0
  let isSlow = false

  function letIn(): void {
    const next = isSlow || running === 0 ? waiting.shift() : undefined
    if (!next) return
    next()
    letIn()
  }

  function begin(): () => void {
    let isWaitedFor = true
    function end({ late }: { late: boolean }): void {
      if (!isWaitedFor) return
      isWaitedFor = false
      clearTimeout(timer)
      running -= 1
      isSlow = late
      letIn()
    }
    running += 1
    const timer = setTimeout(() => end({ late: true }), patienceMs)
    return () => end({ late: false })
  }

  return function takeTurn() {
    return new Promise((resolve) => {
      waiting.push(() => resolve(begin()))
      letIn()
    })
  }
}
