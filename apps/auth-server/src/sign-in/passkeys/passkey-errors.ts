import { Problem } from 'service-kit'

/** The same for everything that can be wrong with a passkey's answer; `cause` is for the log. */
export function invalidPasskey(cause?: unknown): Problem {
  return new Problem({
    status: 401,
    code: 'invalid_passkey',
    detail: 'This passkey did not work here. Please try again, or sign in another way.',
    cause,
  })
}
