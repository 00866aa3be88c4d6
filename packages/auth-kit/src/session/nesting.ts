/** The deepest session. `JSON.parse` reads any depth, but code that walks the result runs out of stack. */
export const MOST_LEVELS = 100

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const OPEN = [0x5b, 0x7b]
const CLOSE = [0x5d, 0x7d]

/** Whether the objects and arrays of this JSON text are nested too deep for a session. */
export function isTooDeep(json: string): boolean {
  if (json.length < 2 * MOST_LEVELS) return false
  let level = 0
  let isText = false
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at)
    if (isText && char === BACKSLASH) at += 1
    else if (char === QUOTE) isText = !isText
    else if (isText) continue
    else if (CLOSE.includes(char)) level -= 1
    else if (OPEN.includes(char) && (level += 1) > MOST_LEVELS) return true
  }
  return false
}

/** @throws RangeError for a session that is nested too deep, for the app's own error handler */
export function checkNesting(json: string): void {
  if (isTooDeep(json))
    throw new RangeError(`The session is nested deeper than ${MOST_LEVELS} levels.`)
}
