import { normalizeIdentity } from './normalize-identity.ts'

const plain = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._-]*$/u
/** Invisible letters, such as Hangul fillers, and the jamo that old Hangul is composed of. */
const unseen = /\p{Default_Ignorable_Code_Point}|[\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB]/u
/** Marks that NFKC leaves next to a letter of these scripts: together they look like another letter. */
const strayMark = /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{Nd}._-]\p{M}|\p{M}{3}/u
const alphabets = [
  /\p{sc=Latin}/u,
  /\p{sc=Greek}/u,
  /\p{sc=Cyrillic}/u,
  /\p{sc=Armenian}/u,
  /\p{sc=Cherokee}/u,
  /\p{sc=Coptic}/u,
]

/**
 * What is wrong with a user name in NFKC. The rules are stricter than PRECIS (UsernameCaseMapped, RFC
 * 8265 §3.3): every character must be visible, and a name must not mix alphabets with letters that
 * look alike.
 *
 * @returns a message for the user; undefined if the name is fine
 */
export function usernameProblem(name: string): string | undefined {
  if (!plain.test(name))
    return 'Use letters, digits, dots, dashes and underscores, with a letter or digit first.'
  if (unseen.test(name) || strayMark.test(name))
    return 'Use plain letters: this name contains characters that are invisible or hard to tell apart.'
  if (alphabets.filter((alphabet) => alphabet.test(name)).length > 1)
    return 'Use the letters of one alphabet.'
  return undefined
}

/** Letters that people mistake for Latin ones, a part of the table of UTS #39. */
const lookalikes = new Map(
  Object.entries({
    a: 'аαɑ',
    b: 'вьβ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еєε',
    g: 'ց',
    h: 'һнհ',
    i: 'іιıl1ӏ|',
    j: 'јϳ',
    k: 'кκ',
    m: 'м',
    n: 'пηո',
    o: 'оοօσ0',
    p: 'рρ',
    q: 'ԛզ',
    r: 'г',
    s: 'ѕ',
    t: 'тτ',
    u: 'υսц',
    v: 'νѵ',
    w: 'ԝω',
    x: 'хχ',
    y: 'уγү',
    z: 'ᴢ',
    '-': '_.',
  }).flatMap(([letter, alike]) => Array.from(alike, (other): [string, string] => [other, letter])),
)

/** What a name looks like. Two names with the same appearance are easily mistaken for each other. */
export function appearanceOf(name: string): string {
  const bare = normalizeIdentity(name).normalize('NFD').replaceAll(/\p{M}/gu, '')
  const letters = Array.from(bare, (letter) => lookalikes.get(letter) ?? letter)
  return letters.join('').replaceAll('rn', 'm').replaceAll('vv', 'w')
}

/** For each name in a list, the others that look like it: a warning to admins before they act. */
export function namesAlike(names: readonly string[]): Map<string, string[]> {
  const byAppearance = Map.groupBy(names, appearanceOf)
  return new Map(
    names.map((name) => [
      name,
      (byAppearance.get(appearanceOf(name)) ?? []).filter((other) => other !== name),
    ]),
  )
}
