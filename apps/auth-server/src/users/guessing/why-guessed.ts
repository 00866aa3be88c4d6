import { isListed } from './common-passwords.ts'
import { isInterleaved, outsideSequences } from './common-sequences.ts'

/** The kinds of password that are guessed first, with the message for each. */
const reasons = {
  listed: 'Many people use this password, so it is guessed first. Choose another one.',
  repeated: 'This repeats one short text, which is easy to guess. Use a few different words.',
  sequence:
    'These are keys, letters or digits in a row, which are easy to guess. Use a few different words.',
  padded:
    'This is a common password with digits or signs added, which is easy to guess. Use a few different words.',
}

type Pattern = keyof typeof reasons

const month =
  'jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?'
/** A day, a month, a year, or all three in digits. */
const partOfDate = new RegExp(String.raw`^(?:${month}|\d\d?|(?:19|20)\d\d|(?:19|20)\d{6})$`)

const shortText = 8
/** So many digits and signs around a text do not make it a good one. */
export const mostPadding = 8
const smallestCore = 4

/**
 * Why a password (in NFKC) is guessed early; undefined if it is not. A pattern must explain the whole
 * password, never just a part of it (NIST SP 800-63B-4 §3.1.1.2). The patterns: a listed password, a
 * listed text, a short one or a date repeated, sequences of keys, also two in turn, and a listed text with digits and signs around it
 * (R4).
 */
export function whyGuessed(password: string): string | undefined {
  const pattern = patternOf(password.toLowerCase())
  return pattern && reasons[pattern]
}

function patternOf(text: string): Pattern | undefined {
  if (isListed(text)) return 'listed'
  // Lists of guesses contain no emoji, so only the text around them can be common.
  if (/\p{Extended_Pictographic}/u.test(text)) return patternOfCore(text)
  // Up to a sixth may be outside sequences, such as the x in `x12345678901234`.
  if (outsideSequences(text) * 6 <= text.length || isInterleaved(text)) return 'sequence'
  return isRepeated(text) || isOneDate(text) ? 'repeated' : patternOfCore(text)
}

function isRepeated(text: string): boolean {
  const unit = shortestUnit(text)
  return unit !== undefined && (unit.length < shortText || patternOf(unit) !== undefined)
}

/** Whether a text consists of the parts of one date, as a rule repeated: `may2026may`. */
function isOneDate(text: string): boolean {
  const parts = text.match(/\p{L}+|\p{N}+/gu) ?? []
  return (
    parts.length > 1 && new Set(parts).size <= 3 && parts.every((part) => partOfDate.test(part))
  )
}

/** The part a text repeats at least twice; the last one may be cut short: `letmeinletmeinlet`. */
function shortestUnit(text: string): string | undefined {
  for (let length = 1; length * 2 <= text.length; length += 1)
    if (text.startsWith(text.slice(length))) return text.slice(0, length)
  return undefined
}

function patternOfCore(text: string): Pattern | undefined {
  const joined = text.replace(/[^\p{L}\p{N}]/gu, '')
  const cores = [text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''), text.replace(/[^\p{L}]+$/u, '')]
  for (const core of new Set([...cores, joined])) {
    if (core === text || core.length < smallestCore) continue
    const padding = core === joined ? [] : text.split(core)
    if (sumOf(padding.map(outsideSequences)) > mostPadding) continue
    const pattern = patternOf(core)
    if (pattern) return pattern === 'listed' ? 'padded' : pattern
  }
  return undefined
}

function sumOf(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
