import { publicUserSchema } from '../users/public-user.ts'
import { empty, jsonOrPage, type Operation, page } from '../http/operation.ts'
import { paths } from '../http/paths.ts'
import { z } from 'zod'
import { reauthenticateInput } from './reauthenticate-input.ts'
import { codeInput, signInInput } from './sign-in-input.ts'

const tag = 'Sign-in'
const returnTo = z.object({ returnTo: z.string().optional(), notice: z.string().optional() })
const signedIn = z.object({ user: publicUserSchema })
const again = page('The form again, with its problems.')
const formAgain = { 400: again, 401: again, 403: again, 409: again }

/** Sign-in and re-authentication. */
export const signInOperations: Operation[] = [
  {
    method: 'get',
    path: paths.signIn,
    summary: 'The sign-in form; signed-in users continue to `returnTo`.',
    tag,
    access: 'anybody',
    query: returnTo,
    answers: { 200: page('The form.'), 303: empty('Already signed in: on to `returnTo`.') },
  },
  {
    method: 'post',
    path: paths.signIn,
    summary: 'Sign in and get a session.',
    tag,
    access: 'anybody',
    body: signInInput,
    form: true,
    answers: {
      200: jsonOrPage('Signed in; from a form, a page that opens a URL at another app.', signedIn),
      303: empty('From a form: on to `returnTo` or to the second factor.'),
      ...formAgain,
    },
    problems: {
      400: ['cookies_blocked'],
      401: ['invalid_credentials', 'second_factor_required'],
      403: ['not_confirmed', 'account_suspended', 'enrolment_required'],
      409: ['sign_in_overtaken'],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
  {
    method: 'get',
    path: paths.secondFactor,
    summary: 'The form for a code, after the password.',
    tag,
    access: 'anybody',
    query: z.object({ returnTo: z.string().optional() }),
    answers: { 200: page('The form.'), 303: empty('No pending step: to the sign-in page.') },
    problems: { 401: ['not_signed_in'] },
  },
  {
    method: 'post',
    path: paths.secondFactor,
    summary: 'Complete a sign-in with a code from an authenticator app or a recovery code.',
    tag,
    access: 'anybody',
    body: codeInput,
    form: true,
    answers: {
      200: jsonOrPage('Signed in; from a form, a page that opens a URL at another app.', signedIn),
      303: empty('From a form: on to `returnTo`.'),
      ...formAgain,
    },
    problems: {
      401: ['invalid_code'],
      409: ['sign_in_overtaken', 'changed_meanwhile'],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
  {
    method: 'get',
    path: paths.reauthenticate,
    summary: 'The form that asks for the password again.',
    tag,
    access: 'session',
    query: returnTo.extend({ acr: z.string().optional() }),
    answers: {
      200: page('The form.'),
      303: empty(
        'Not signed in: to the sign-in page. No second factor yet: to the page that sets one up.',
      ),
    },
  },
  {
    method: 'post',
    path: paths.reauthenticate,
    summary: 'Re-authenticate with the password, a code or a passkey; the session gets a new id.',
    tag,
    access: 'session',
    body: reauthenticateInput,
    form: true,
    answers: {
      200: jsonOrPage('Done; from a form, a page that opens a URL at another app.', signedIn),
      303: empty('From a form: on to `returnTo`.'),
      ...formAgain,
    },
    problems: {
      401: ['invalid_credentials', 'invalid_code', 'invalid_passkey', 'second_factor_required'],
      403: ['not_confirmed', 'account_suspended'],
      409: ['sign_in_overtaken'],
      429: ['too_many_attempts', 'address_suspended'],
    },
  },
]
