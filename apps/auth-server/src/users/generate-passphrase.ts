import { randomInt } from 'node:crypto'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'

// 16 consonants and 5 vowels: 80 syllables that cannot be mistaken for one another.
const consonants = 'bdfghjklmnprstvz'
const vowels = 'aeiou'

/**
 * A password that is easy to read aloud: four words of two syllables, such as
 * `bado-relu-mizo-kafe`. Eight syllables out of 80 give 50 bits.
 */
export function makePassphrase(): string {
  const word = () => syllable() + syllable()
  return [word(), word(), word(), word()].join('-')
}

function syllable(): string {
  return pick(consonants) + pick(vowels)
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length))
}

/** A passphrase that passes the password rules for this account. */
export function generatePassphrase(
  config: PasswordConfig,
  names: { username: string; email: string },
): string {
  let password = makePassphrase()
  while (password.length < config.passwordMinLength) password += `-${makePassphrase()}`
  // The syllables may happen to spell a name that the rules refuse.
  const isGood = passwordProblems(config, { ...names, password }).length === 0
  return isGood ? password : generatePassphrase(config, names)
}
