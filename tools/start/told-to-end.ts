/**
 * Resolves when this process is told to end: by a signal, or because the npm script that started it
 * is gone. A signal may come twice, from the terminal and from npm: once it counts.
 */
export function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve())
    process.once('disconnect', () => resolve())
  })
}
