/** The last entry of a page, which is sorted by time, newest first, and then by id. */
export type Cursor = { at: Date; id: string }

/** The cursor as text, for `after` in a URL or an option. */
export function writeCursor({ at, id }: Cursor): string {
  return `${at.getTime()}.${id}`
}

/** Undefined for an invalid cursor, which selects the newest page. */
export function readCursor(text: string | undefined): Cursor | undefined {
  const [, time, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text ?? '') ?? []
  if (time === undefined || id === undefined) return undefined
  return { at: new Date(Number(time)), id }
}
