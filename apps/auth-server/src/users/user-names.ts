import { normalizeIdentity } from './normalize-identity.ts'

const plain = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._-]*$/u
/** Letters that show nothing, as Hangul fillers do, and the parts that old Hangul is put together of. */
const unseen = /\p{Default_Ignorable_Code_Point}|[\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB]/u
/** Marks that NFKC leaves beside a letter of these scripts make one that looks like another. */
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
 * What is wrong with a user name, after NFKC: the identifiers of PRECIS (UsernameCaseMapped, RFC 8265
 * §3.3) and stricter. Whoever reads a name has to see all of it, and no letters of two alphabets that look
 * alike stand in one.
 *
 * @returns a sentence for people; undefined if nothing is wrong
 */
export function usernameProblem(name: string): string | undefined {
  if (!plain.test(name))
    return 'Use letters, digits, dots, dashes and underscores, with a letter or digit first.'
  if (unseen.test(name) || strayMark.test(name))
    return 'Use plain letters: this name holds characters that cannot be seen or told apart.'
  if (alphabets.filter((alphabet) => alphabet.test(name)).length > 1)
    return 'Use the letters of one alphabet.'
  return undefined
}

/** Letters by what they look like, a part of UTS #39's table: those that people mistake for Latin ones. */
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

/** What a name looks like: two names of one appearance are easily mistaken for each other. */
export function appearanceOf(name: string): string {
  const bare = normalizeIdentity(name).normalize('NFD').replaceAll(/\p{M}/gu, '')
  const letters = Array.from(bare, (letter) => lookalikes.get(letter) ?? letter)
  return letters.join('').replaceAll('rn', 'm').replaceAll('vv', 'w')
}

/** The names in a list that look like each of them: an admin is to see them before they act on one. */
export function namesAlike(names: readonly string[]): Map<string, string[]> {
  const byAppearance = Map.groupBy(names, appearanceOf)
  return new Map(
    names.map((name) => [
      name,
      (byAppearance.get(appearanceOf(name)) ?? []).filter((other) => other !== name),
    ]),
  )
}
