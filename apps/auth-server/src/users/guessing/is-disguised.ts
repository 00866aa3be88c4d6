import { letters } from './common-passwords.ts'
import { outsideSequences } from './common-sequences.ts'
import { mostPadding } from './why-guessed.ts'

/** Shorter names are parts of too many words. */
export const shortestName = 4

/** What stands for each letter: itself and the signs that people type for it. */
const disguises = new Map<string, string>()
for (const [sign, letter] of [...Object.entries(letters), ['1', 'l'], ['!', 'l']] as const)
  disguises.set(letter, `${disguises.get(letter) ?? letter}${sign}`)

/**
 * Whether a password is nothing but a name, also repeated, with separators or with signs for letters
 * (`l-a-t-c-h`, `l@tch`), and with digits and signs around it. Both texts are in the form of
 * `normalizeIdentity`. Without its spaces, a good passphrase may contain a name by chance, so other
 * letters beside the name make it none.
 */
export function isDisguised(password: string, name: string): boolean {
  const characters = Array.from(name.replace(/[^\p{L}\p{M}\p{N}]/gu, ''))
  if (characters.length < shortestName) return false
  const pattern = new RegExp(characters.map(withDisguises).join(''), 'gu')
  // A sign may stand for a letter or separate two.
  return [/[^\p{L}\p{M}\p{N}@$!]/gu, /[^\p{L}\p{M}\p{N}]/gu].some((separators) => {
    const joined = password.replace(separators, '')
    const rest = joined.replace(pattern, '')
    return rest !== joined && !/\p{L}/u.test(rest) && outsideSequences(rest) <= mostPadding
  })
}

function withDisguises(character: string): string {
  return `[${disguises.get(character) ?? character}]`
}
