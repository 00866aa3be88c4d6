import { Problem } from 'service-kit'

/** The same for an unknown user and a wrong password, in status, words and time. */
export function invalidCredentials(): Problem {
  return new Problem({
    status: 401,
    code: 'invalid_credentials',
    detail: 'Wrong user name or password.',
  })
}

/** The same failure, of somebody who is signed in. */
export function wrongPassword(): Problem {
  return new Problem({
    status: 401,
    code: 'invalid_credentials',
    detail: 'Wrong password.',
  })
}

export function notConfirmed(): Problem {
  return new Problem({
    status: 403,
    code: 'not_confirmed',
    detail: 'Please confirm your e-mail address first: the link is in the mail we sent you.',
  })
}

export function accountSuspended(): Problem {
  return new Problem({
    status: 403,
    code: 'account_suspended',
    detail: 'This account is suspended. Please contact us.',
  })
}

/** @param retryAfter seconds until the next attempt counts */
export function tooManyAttempts(retryAfter: number): Problem {
  const minutes = Math.ceil(retryAfter / 60)
  return new Problem({
    status: 429,
    code: 'too_many_attempts',
    detail: `Too many attempts. Please try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    headers: { 'Retry-After': String(retryAfter) },
  })
}

const inWords = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** Too many failed sign-ins came from the network address; `until` is in the JSON answer, too. */
export function addressSuspended(until: Date, now = new Date()): Problem {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
  return new Problem({
    status: 429,
    code: 'address_suspended',
    detail: `Too many failed sign-ins came from your network. Nobody can sign in from it until ${inWords.format(until)} UTC.`,
    headers: { 'Retry-After': String(seconds) },
    extra: { until: until.toISOString() },
  })
}

/** All sessions of the user were ended while this sign-in was under way. */
export function signInOvertaken(): Problem {
  return new Problem({
    status: 409,
    code: 'sign_in_overtaken',
    detail: 'Your sessions were ended just now. Please sign in again.',
  })
}

export function notSignedIn(): Problem {
  return new Problem({ status: 401, code: 'not_signed_in', detail: 'Please sign in.' })
}

/** What an admin does to others and not to themselves: nobody might be left to undo it. */
export function ownAccount(): Problem {
  return new Problem({
    status: 403,
    code: 'own_account',
    detail: 'This cannot be done to your own account. Ask another admin.',
  })
}

/** A new password that breaks rules. @param field what the form calls it */
export function invalidPassword(field: string, messages: string[]): Problem {
  return new Problem({
    status: 400,
    code: 'invalid_input',
    detail: 'Please choose another password.',
    fields: messages.map((message) => ({ field, message })),
  })
}

/** Another request changed it between the check of the old one and the write of the new one. */
export function passwordChangedMeanwhile(): Problem {
  return new Problem({
    status: 409,
    code: 'password_changed_meanwhile',
    detail: 'The password was changed by another request just now. Please try again.',
  })
}

/** The password was given too long ago for this request. */
export function reauthenticationRequired(): Problem {
  return new Problem({
    status: 401,
    code: 'reauthentication_required',
    detail: 'Please enter your password again.',
  })
}

/** A link from an e-mail that is forged, expired or used; `contact` says whom to ask. */
export function invalidLink(contact: string): Problem {
  return new Problem({
    status: 400,
    code: 'invalid_or_expired_token',
    detail: 'This link has expired or was used already.',
    extra: { contact },
  })
}

export function emailTaken(cause?: unknown): Problem {
  return new Problem({
    status: 409,
    code: 'email_taken',
    detail: 'There is an account with this e-mail address already.',
    cause,
  })
}

/** Storage did not answer in time. What was begun is completed later. */
export function cannotDeleteNow(cause?: unknown): Problem {
  return new Problem({
    status: 503,
    code: 'cannot_delete_now',
    detail: 'You cannot delete your account at this time. Please try again shortly.',
    headers: { 'Retry-After': '5' },
    cause,
  })
}

/** The same for an invite that was used, has expired, was revoked or never was. */
export function inviteUsedOrExpired(cause?: unknown): Problem {
  return new Problem({
    status: 410,
    code: 'invite_used_or_expired',
    detail: 'This invitation was used already or has expired. Please ask for a new one.',
    cause,
  })
}

/** To who wants to revoke it: there is nothing left to revoke. */
export function inviteUsed(): Problem {
  return new Problem({
    status: 409,
    code: 'invite_used',
    detail: 'This invitation was used before: it stays as it is, and so does the account.',
  })
}

export function usernameTaken(cause?: unknown): Problem {
  return new Problem({
    status: 409,
    code: 'username_taken',
    detail: 'This user name is taken. Please choose another one.',
    cause,
  })
}

export function audienceTaken(cause?: unknown): Problem {
  return new Problem({
    status: 409,
    code: 'audience_taken',
    detail: 'There is a resource server with this audience already.',
    cause,
  })
}

/** The request was answered before, and its secret is shown only once. */
export function clientExists(cause?: unknown): Problem {
  return new Problem({
    status: 409,
    code: 'client_exists',
    detail: 'This client is registered already.',
    cause,
  })
}

/** A form was opened before somebody else changed what it changes: saving it would undo that. */
export function changedMeanwhile(): Problem {
  return new Problem({
    status: 409,
    code: 'changed_meanwhile',
    detail:
      'This was changed by somebody else meanwhile, so nothing was saved. Here is how it is now: look, and try again.',
  })
}

export function secretsChanged(): Problem {
  return new Problem({
    status: 409,
    code: 'secrets_changed_meanwhile',
    detail: 'The secrets of this client were changed by somebody else just now.',
  })
}

export function keysChanged(): Problem {
  return new Problem({
    status: 409,
    code: 'keys_changed_meanwhile',
    detail: 'The keys of this client were changed by somebody else just now. Look, and try again.',
  })
}

/** Told to the visitor, never to an address that the request names. */
export function unknownClient(): Problem {
  return new Problem({
    status: 400,
    code: 'unknown_client',
    detail: 'The site that sent you here is not known to us, or did not say where to go back to.',
  })
}

/** The visitor sees the same answer, so that it does not reveal whose address this is. */
export function unknownRedirectUri(): Problem {
  return new Problem({
    status: 400,
    code: 'unknown_redirect_uri',
    detail:
      'The site that sent you here wants you to go on to an address that it did not register.',
  })
}

/** For operators only: reading dead e-mails takes them out of the queue for a moment. */
export function deadMailsHeld(cause: Error): Problem {
  return new Problem({
    status: 409,
    code: 'dead_mails_held',
    detail: cause.message,
    headers: { 'Retry-After': '2' },
    cause,
  })
}

/** For operators alone: others never wait for RabbitMQ. */
export function amqpAway(cause?: unknown): Problem {
  return new Problem({
    status: 503,
    code: 'amqp_away',
    detail: 'RabbitMQ does not answer. Look whether it runs, and at AMQP_URL.',
    headers: { 'Retry-After': '5' },
    cause,
  })
}
