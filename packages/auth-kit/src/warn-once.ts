const given = new Set<string>()

/** A process warning, given once in this process however often its cause is met. */
export function warnOnce(message: string, code: string): void {
  if (given.has(message)) return
  given.add(message)
  process.emitWarning(message, { code })
}
