/** A deadline that can stand still. */
export type Deadline = {
  /** Aborts when the time has passed. */
  signal: AbortSignal
  /** Does something that takes none of the time. */
  hold: <Result>(work: Promise<Result>) => Promise<Result>
  /** There is nothing left to abort. */
  clear: () => void
}

/** @param ms how many milliseconds there are; held time does not count */
export function abortAfter(ms: number): Deadline {
  const controller = new AbortController()
  let left = ms
  let since = performance.now()
  let timer = setTimeout(abort, left)
  let isOver = false

  function abort(): void {
    controller.abort(new DOMException('took too long', 'TimeoutError'))
  }

  return {
    signal: controller.signal,
    async hold(work) {
      clearTimeout(timer)
      left -= performance.now() - since
      try {
        return await work
      } finally {
        since = performance.now()
        if (!isOver) timer = setTimeout(abort, left)
      }
    },
    clear() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
