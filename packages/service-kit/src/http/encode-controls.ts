// Line ends and terminal commands beyond ASCII, which JSON leaves as they are.
const rawControls = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const escapes = /\\(.)/g

/** A line of JSON without a character that a terminal or a log viewer would act on. */
export function encodeControls(json: string): string {
  return json.replace(rawControls, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/**
 * The same for JSON that is going to be parsed and printed: its `\n` becomes the two characters
 * backslash and n, so that no value can begin a line of its own.
 */
export function encodeForPrinting(json: string): string {
  return encodeControls(json.trimEnd()).replace(escapes, (escape, character: string) =>
    character === '"' || character === '\\' || character === '/' ? escape : `\\${escape}`,
  )
}
