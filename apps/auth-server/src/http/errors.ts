import { Problem } from 'service-kit'

/** Identical for an unknown user and a wrong password: status, text and time. */
export function invalidCredentials(): Problem {
  return new Problem({
    status: 401,
    code: 'invalid_credentials',
    detail: 'Wrong user name or password.',
  })
}

/** A wrong password from someone who is signed in. */
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
    detail: 'Please confirm your e-mail address first. The link is in the e-mail we sent you.',
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
  return new Problem({
    status: 429,
    code: 'too_many_attempts',
    detail: `Too many attempts. Try again in ${minutesInWords(retryAfter)}.`,
    headers: { 'Retry-After': String(retryAfter) },
  })
}

/** `a minute` or `5 minutes`, rounded up. */
export function minutesInWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}

const inWords = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** Too many failed sign-ins came from the network address. The JSON answer also holds `until`. */
export function addressBlocked(until: Date, now = new Date()): Problem {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
  return new Problem({
    status: 429,
    code: 'address_suspended',
    detail: `Too many failed sign-ins came from your network. Nobody can sign in from it until ${inWords.format(until)} UTC.`,
    headers: { 'Retry-After': String(seconds) },
    extra: { until: until.toISOString() },
  })
}

/** All sessions of the user ended while this sign-in was under way. */
export function signInOvertaken(): Problem {
  return new Problem({
    status: 409,
    code: 'sign_in_overtaken',
    detail: 'Your sessions have just been ended. Please sign in again.',
  })
}

export function notSignedIn(): Problem {
  return new Problem({ status: 401, code: 'not_signed_in', detail: 'Please sign in.' })
}

/** Admins cannot do this to themselves: nobody might be left to undo it. */
export function ownAccount(): Problem {
  return new Problem({
    status: 403,
    code: 'own_account',
    detail: 'You cannot do this to your own account. Ask another admin.',
  })
}

/** A machine client may not touch a client with a scope that its own token lacks. */
export function scopeNotHeld(scope: string): Problem {
  return new Problem({
    status: 403,
    code: 'scope_not_held',
    detail: `That client has the scope ${scope}, which your access token lacks.`,
  })
}

/** A new password that breaks the rules. @param field its name in the form */
export function invalidPassword(field: string, messages: string[]): Problem {
  return new Problem({
    status: 400,
    code: 'invalid_input',
    detail: 'Please choose another password.',
    fields: messages.map((message) => ({ field, message })),
  })
}

/** Another request changed the password between the check of the old one and the write. */
export function passwordChangedMeanwhile(): Problem {
  return new Problem({
    status: 409,
    code: 'password_changed_meanwhile',
    detail: 'Another request has just changed the password. Please try again.',
  })
}

/** The user entered the password too long ago for this request. */
export function reauthenticationRequired(): Problem {
  return new Problem({
    status: 401,
    code: 'reauthentication_required',
    detail: 'Please enter your password again.',
  })
}

/** A link from an e-mail that is forged, expired or used. `contact` says where to get help. */
export function invalidLink(contact: string): Problem {
  return new Problem({
    status: 400,
    code: 'invalid_or_expired_token',
    detail: 'This link has expired or has already been used.',
    extra: { contact },
  })
}

/** There is no new address to send a link to: it was confirmed, cancelled or never entered. */
export function noEmailChange(): Problem {
  return new Problem({
    status: 404,
    code: 'no_email_change',
    detail: 'There is no new e-mail address to confirm.',
  })
}

export function emailTaken(cause?: unknown): Problem {
  return new Problem({
    status: 409,
    code: 'email_taken',
    detail: 'An account with this e-mail address already exists.',
    cause,
  })
}

/** Storage did not answer in time. A sweep completes what has begun. */
export function cannotDeleteNow(cause?: unknown): Problem {
  return new Problem({
    status: 503,
    code: 'cannot_delete_now',
    detail: 'You cannot delete your account at this time. Please try again shortly.',
    headers: { 'Retry-After': '5' },
    cause,
  })
}

/** Identical for an invite that is used, expired, revoked or unknown. */
export function inviteUsedOrExpired(cause?: unknown): Problem {
  return new Problem({
    status: 410,
    code: 'invite_used_or_expired',
    detail: 'This invitation has expired or has already been used. Please ask for a new one.',
    cause,
  })
}

/** A used invite cannot be revoked. */
export function inviteUsed(): Problem {
  return new Problem({
    status: 409,
    code: 'invite_used',
    detail: 'This invitation was already used. It and the account stay as they are.',
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
    detail: 'A resource server with this audience already exists.',
    cause,
  })
}

/** The request has already been answered, and its secret is shown only once. */
export function clientExists(cause?: unknown): Problem {
  return new Problem({
    status: 409,
    code: 'client_exists',
    detail: 'This client is already registered.',
    cause,
  })
}

/** Someone else changed the record after the form was opened: saving would undo that change. */
export function changedMeanwhile(): Problem {
  return new Problem({
    status: 409,
    code: 'changed_meanwhile',
    detail:
      'Somebody else has changed this in the meantime, so nothing was saved. Check the current values and try again.',
  })
}

export function secretsChanged(): Problem {
  return new Problem({
    status: 409,
    code: 'secrets_changed_meanwhile',
    detail: 'Somebody else has just changed the secrets of this client.',
  })
}

export function keysChanged(): Problem {
  return new Problem({
    status: 409,
    code: 'keys_changed_meanwhile',
    detail: 'Somebody else has just changed the keys of this client. Check them and try again.',
  })
}

/** Shown to the visitor, never sent to an address that the request names. */
export function unknownClient(): Problem {
  return new Problem({
    status: 400,
    code: 'unknown_client',
    detail: 'The site that sent you here is unknown, or it did not say where to send you back.',
  })
}

/** Also shown to the visitor only. It does not reveal who registered the address. */
export function unknownRedirectUri(): Problem {
  return new Problem({
    status: 400,
    code: 'unknown_redirect_uri',
    detail: 'The site that sent you here wants to send you to an address it has not registered.',
  })
}

/** For operators only. Reading dead e-mails takes them out of the queue for a moment. */
export function deadMailsHeld(cause: Error): Problem {
  return new Problem({
    status: 409,
    code: 'dead_mails_held',
    detail: cause.message,
    headers: { 'Retry-After': '2' },
    cause,
  })
}

/** For operators only. Nobody else waits for RabbitMQ. */
export function amqpAway(cause?: unknown): Problem {
  return new Problem({
    status: 503,
    code: 'amqp_away',
    detail: 'RabbitMQ does not answer. Check that it is running and that AMQP_URL is correct.',
    headers: { 'Retry-After': '5' },
    cause,
  })
}
