// Sequences that people type without thinking, forwards and backwards: the alphabet, digits, keyboard
// rows, slanting columns and two rows in turn (QWERTY, QWERTZ, AZERTY, ЙЦУКЕН), and the digits of pi.
const sequences = [
  'abcdefghijklmnopqrstuvwxyzabc',
  '12345678901234567890',
  '02468',
  '31415926535897932384626433832795',
  '13579',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  '!@#$%^&*()',
  'qwertzuiopü',
  'yxcvbnm,.-',
  '!"§$%&/()=',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn,;',
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  '8ik,',
  '9ol.',
  '1q2w3e4r5t6y7u8i9o0p',
  'qawsedrftgyhujikolp',
  'azsxdcfvgbhnjmk',
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
].flatMap((keys) => [keys, Array.from(keys).toReversed().join('')])

const shortest = 3

/** How many characters of a lower-case text are not part of a sequence of at least three. */
export function outsideSequences(text: string): number {
  const characters = Array.from(text)
  let outside = 0
  for (let at = 0; at < characters.length;) {
    const length = sequenceAt(characters, at)
    if (length < shortest) outside += 1
    at += length < shortest ? 1 : length
  }
  return outside
}

/** Whether a lower-case text is two sequences in turn, such as `a1b2c3d4`, of at least four each. */
export function isInterleaved(text: string): boolean {
  const characters = Array.from(text)
  const halves = [0, 1].map((parity) => characters.filter((_, at) => at % 2 === parity))
  const isRun = (half: string[]) => half.length >= 4 && sequenceAt(half, 0) === half.length
  return halves.every(isRun) && halves.some((half) => new Set(half).size > 1)
}

function sequenceAt(characters: string[], from: number): number {
  let length = 1
  while (from + length < characters.length && isSequence(characters.slice(from, from + length + 1)))
    length += 1
  return length
}

function isSequence(characters: string[]): boolean {
  const text = characters.join('')
  return new Set(characters).size === 1 || sequences.some((sequence) => sequence.includes(text))
}
