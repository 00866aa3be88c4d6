import { randomInt } from 'node:crypto'

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
