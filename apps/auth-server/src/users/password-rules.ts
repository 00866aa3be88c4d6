import type { Config } from '../config/config.ts'
import { whyGuessed } from './guessing/why-guessed.ts'
import { isDisguised, shortestName } from './guessing/is-disguised.ts'
import { normalizeIdentity } from './normalize-identity.ts'

/** The settings that passwords depend on. */
export type PasswordConfig = Pick<
  Config,
  'bcryptCost' | 'passwordMinLength' | 'siteName' | 'publicUrl'
>

type Candidate = { password: string; username: string; email: string }

const maxLength = 128

/**
 * The problems of a new password, each saying what to do; empty if it is good. The rules follow NIST
 * SP 800-63B-4 §3.1.1.2: length, known and guessable passwords, nothing about composition (R1 to R5).
 * Characters are code points of the NFKC form.
 */
export function passwordProblems(config: PasswordConfig, candidate: Candidate): string[] {
  const password = candidate.password.normalize('NFKC')
  const length = Array.from(password).length
  return [
    length < config.passwordMinLength &&
      `Use at least ${config.passwordMinLength} characters: a few words together are easy to remember.`,
    length > maxLength && `Use at most ${maxLength} characters.`,
    whyGuessed(password),
    isNamed(password, siteNames(config)) &&
      'Leave the name of this site out of your password: it is easy to guess.',
    isNamed(password, ownNames(candidate)) &&
      'Leave your user name and your e-mail address out of your password: they are easy to guess.',
  ].filter((problem) => typeof problem === 'string')
}

function siteNames({ siteName, publicUrl }: PasswordConfig): string[] {
  const labels = publicUrl.hostname.split('.')
  // The last label is not specific to this site (com, info); an IP address has no names.
  const own = labels.length > 1 ? labels.slice(0, -1) : labels
  const site = normalizeIdentity(siteName)
  return [site, site.replace(/\s+/g, ''), ...own.filter((label) => /[a-z]/.test(label))]
}

function ownNames({ username, email }: Candidate): string[] {
  return [username, email.slice(0, email.lastIndexOf('@'))].map(normalizeIdentity)
}

/** Whether a name is a part of the password or, in disguise, all of it. */
function isNamed(password: string, names: string[]): boolean {
  const folded = normalizeIdentity(password)
  return names.some(
    (name) =>
      (Array.from(name).length >= shortestName && folded.includes(name)) ||
      isDisguised(folded, name),
  )
}
