// Line ends and terminal controls beyond ASCII. JSON does not escape them.
const rawControls = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const escapes = /\\(.)/g

/** Escapes every character in a line of JSON that a terminal or a log viewer would act on. */
export function encodeControls(json: string): string {
  return json.replace(rawControls, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/**
 * The same for JSON that will be parsed and printed. `\n` becomes a backslash and an n, so that no
 * value can start a new line.
 */
export function encodeForPrinting(json: string): string {
  return encodeControls(json.trimEnd()).replace(escapes, (escape, character: string) =>
    character === '"' || character === '\\' ? escape : `\\${escape}`,
  )
}
