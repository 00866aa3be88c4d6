const given = new Set<string>()

/** Emits a process warning, at most once per process for each message. */
export function warnOnce(message: string, code: string): void {
  if (given.has(message)) return
  given.add(message)
  process.emitWarning(message, { code })
}
