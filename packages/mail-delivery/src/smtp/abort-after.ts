/** A deadline that can be paused. */
export type Deadline = {
  /** Aborts when the time is over. */
  signal: AbortSignal
  /** Waits for `work` without using up time. */
  hold: <Result>(work: Promise<Result>) => Promise<Result>
  /** Cancels the deadline. */
  clear: () => void
}

/** @param ms the time in milliseconds, without time spent in `hold` */
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
