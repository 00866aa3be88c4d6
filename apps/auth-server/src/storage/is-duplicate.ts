const duplicateKey = 11_000

/**
 * Whether a unique index refused a write: by the code alone, since not every server says which one
 * it was. The embedded MongoDB gives that code for inserts only; of an update it quotes its SQLite.
 */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === duplicateKey || error.message.includes('UNIQUE constraint failed')
}
