import { Problem } from 'service-kit'

/** The password is right, but the account has a second factor. @param factors the account's factors */
export function secondFactorRequired(factors: readonly string[]): Problem {
  return new Problem({
    status: 401,
    code: 'second_factor_required',
    detail: 'One more step is needed to sign in: a code or a passkey.',
    lists: { factors },
  })
}

/** The password is right, but a second factor has to be set up first. */
export function enrolmentRequired(): Problem {
  return new Problem({
    status: 403,
    code: 'enrolment_required',
    detail: 'Set up a second way to sign in first: an authenticator app or a passkey.',
  })
}

/** The same for a wrong, an expired and a used code. */
export function invalidCode(): Problem {
  return new Problem({
    status: 401,
    code: 'invalid_code',
    detail: 'This code is wrong, has expired or was already used.',
  })
}

/** Removing it would leave the account without a required second factor. */
export function lastFactor(): Problem {
  return new Problem({
    status: 409,
    code: 'last_factor',
    detail: 'This is your last second factor. Add another one or create recovery codes first.',
  })
}

/** For an app that takes passwords: a passkey works only in a browser. */
export function passkeyNeeded(): Problem {
  return new Problem({
    status: 403,
    code: 'passkey_needed',
    detail: 'This account signs in with a passkey, which this app cannot ask for.',
  })
}

/** Recovery codes stand in for a second factor, so there has to be one. */
export function noFactor(): Problem {
  return new Problem({
    status: 409,
    code: 'no_factor',
    detail: 'Set up an authenticator app or a passkey first.',
  })
}
