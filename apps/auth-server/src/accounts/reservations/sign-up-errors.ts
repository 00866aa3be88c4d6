import { Problem } from 'service-kit'
import { minutesInWords } from '../../http/errors.ts'

/**
 * There is no invite, and SIGN_UP does not allow this sign-up without one.
 *
 * @param domains the addresses that need none; empty if every sign-up needs one
 */
export function inviteNeeded(domains: readonly string[] = []): Problem {
  const places = new Intl.ListFormat('en', { type: 'disjunction' }).format(domains)
  return new Problem({
    status: 403,
    code: 'invite_needed',
    detail:
      domains.length === 0
        ? 'You need an invitation to sign up here. Please ask for one.'
        : `Without an invitation you can sign up here only with an e-mail address at ${places}.`,
  })
}

/**
 * Too many people sign up at the moment: the rest of this hour's e-mails goes to those whose browser
 * did a proof of work.
 *
 * @param retryAfter seconds until sign-ups need none again
 */
export function proofNeeded(retryAfter: number): Problem {
  return new Problem({
    status: 429,
    code: 'proof_needed',
    detail: `Many people are signing up right now. Enter your password again and send the form: your browser then does a short calculation. Without JavaScript, try again in ${minutesInWords(retryAfter)}.`,
    headers: { 'Retry-After': String(retryAfter) },
  })
}

/** The link is good, but the password is not the one that was chosen at sign-up. */
export function wrongSignUpPassword(): Problem {
  return new Problem({
    status: 401,
    code: 'invalid_credentials',
    detail:
      'This is not the password from the sign-up. If somebody else signed up with your e-mail address, sign up yourself with another user name.',
  })
}

/** Somebody took the name between the sign-up and its confirmation. */
export function usernameTakenMeanwhile(cause?: unknown): Problem {
  return new Problem({
    status: 409,
    code: 'username_taken',
    detail:
      'Somebody else has taken this user name in the meantime. Please sign up again with another one.',
    cause,
  })
}
