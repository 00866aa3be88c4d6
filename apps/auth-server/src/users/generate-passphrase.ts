import { randomInt } from 'node:crypto'
import { type PasswordConfig, passwordProblems } from './password-rules.ts'

// 16 consonants and 5 vowels: 80 syllables that cannot be misread for one another.
const consonants = 'bdfghjklmnprstvz'
const vowels = 'aeiou'

/**
 * A password that a person can read out: four words of two syllables, such as
 * `bado-relu-mizo-kafe`. 8 syllables of 80 make 50 bits.
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

/** A passphrase that the rules take for this account's password. */
export function generatePassphrase(
  config: PasswordConfig,
  names: { username: string; email: string },
): string {
  let password = makePassphrase()
  while (password.length < config.passwordMinLength) password += `-${makePassphrase()}`
  // By chance the syllables may spell a name that the rules refuse.
  const isGood = passwordProblems(config, { ...names, password }).length === 0
  return isGood ? password : generatePassphrase(config, names)
}
