/** Resolves when the caller's turn comes, with the function that ends the turn. */
export type TakeTurn = () => Promise<() => void>

/**
 * Lets one after the other through, in the order they come, as long as each ends its turn within
 * `patienceMs`. After one exceeds `patienceMs`, nobody waits for a turn until one is fast again.
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
