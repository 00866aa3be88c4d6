const duplicateKey = 11_000

/**
 * Whether a unique index refused a write. Only the code tells, because not every server names the
 * index. The embedded MongoDB sends the code for inserts only; for updates it quotes SQLite.
 */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === duplicateKey || error.message.includes('UNIQUE constraint failed')
}
