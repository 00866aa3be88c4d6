/**
 * Resolves when this process should stop: on a signal, or if the npm script that started it is gone. A
 * signal may come twice, from the terminal and from npm, and counts once.
 */
export function waitForStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve())
    process.once('disconnect', () => resolve())
  })
}
