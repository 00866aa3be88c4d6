import { z } from 'zod'
import { linkInput } from '../links/link-page.ts'
import { moment } from '../../http/operation-answers.ts'
import { publicUserSchema } from '../../users/public-user.ts'
import { empty, json, jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { changeEmailInput, changePasswordInput, deleteAccountInput } from './account-input.ts'

const tag = 'Account'
const toSignIn = empty('Not signed in: to the sign-in page.')
const again = page('The form again, with the problems.')
const formAgain = { 400: again, 401: again, 403: again, 409: again }
const changed = z.object({ user: publicUserSchema })
const passwordProblems = {
  401: ['invalid_credentials'],
  429: ['too_many_attempts', 'address_suspended'],
}
const deletion = {
  tag,
  access: 'session' as const,
  body: deleteAccountInput,
  problems: { ...passwordProblems, 503: ['cannot_delete_now'] },
}

function form(path: string, summary: string): Operation {
  const answers = { 200: page('The form.'), 303: toSignIn }
  return { method: 'get', path, summary, tag, access: 'session', answers }
}

/** A user's own account and the ways to change it. */
export const accountOperations: Operation[] = [
  {
    method: 'get',
    path: paths.account,
    summary: 'The signed-in user and when the session began and ends.',
    tag,
    access: 'session',
    query: z.object({ notice: z.string().optional() }),
    answers: {
      200: jsonOrPage(
        'The account.',
        z.object({ user: publicUserSchema, signedInAt: moment, expiresAt: moment }),
      ),
      303: toSignIn,
    },
  },
  {
    method: 'get',
    path: paths.changePasswordUrl,
    summary: 'Where password managers look for the form to change the password.',
    tag,
    access: 'anybody',
    answers: { 303: empty('On to `/change_password`.') },
  },
  form(paths.changePassword, 'The form to change the password.'),
  {
    method: 'post',
    path: paths.changePassword,
    summary: 'Change the password: ends every other session and every token.',
    tag,
    access: 'session',
    body: changePasswordInput,
    form: true,
    answers: { 200: json('Changed.', changed), 303: empty('Changed by a form.'), ...formAgain },
    problems: { ...passwordProblems, 409: ['password_changed_meanwhile', 'sign_in_overtaken'] },
  },
  form(paths.changeEmail, 'The form to change the e-mail address.'),
  {
    method: 'post',
    path: paths.changeEmail,
    summary: 'Change the e-mail address; takes effect once the link sent there is followed.',
    tag,
    access: 'session',
    body: changeEmailInput,
    form: true,
    answers: { 202: json('Requested.', changed), 303: empty('Requested by a form.'), ...formAgain },
    problems: { ...passwordProblems, 409: ['sign_in_overtaken'] },
  },
  {
    method: 'post',
    path: paths.resendNewEmail,
    summary: 'Send the link to the new address again, at most once in five minutes.',
    tag,
    access: 'session',
    form: true,
    answers: { 202: json('Sent.', changed), 303: empty('Sent, for a browser.') },
    problems: { 404: ['no_email_change'], 429: ['too_many_attempts'] },
  },
  {
    method: 'post',
    path: paths.cancelNewEmail,
    summary: 'Forget the new address; its links no longer work.',
    tag,
    access: 'session',
    form: true,
    answers: { 200: json('Cancelled.', changed), 303: empty('Cancelled, for a browser.') },
  },
  {
    method: 'get',
    path: paths.confirmEmail,
    summary: 'The page behind the link sent to the new address.',
    tag,
    access: 'anybody',
    query: linkInput,
    answers: { 200: page('A page with one button.'), 400: page('The link is no longer valid.') },
    problems: { 400: ['invalid_or_expired_token'] },
  },
  {
    method: 'post',
    path: paths.confirmEmail,
    summary: 'Confirm the new address.',
    tag,
    access: 'anybody',
    body: linkInput,
    form: true,
    answers: {
      200: json('Changed.', z.object({ changed: z.literal(true) })),
      303: empty('Changed by a form.'),
      400: page('The link is no longer valid.'),
    },
    problems: { 400: ['invalid_or_expired_token'], 409: ['email_taken', 'sign_in_overtaken'] },
  },
  form(paths.deleteAccount, 'The form to delete the account.'),
  {
    ...deletion,
    method: 'delete',
    path: paths.account,
    summary: 'Delete the account and everything in it.',
    form: true,
    answers: { 204: empty('Deleted.'), 303: empty('Deleted, for a browser.') },
  },
  {
    ...deletion,
    method: 'post',
    path: paths.deleteAccount,
    summary: 'The same, for the form.',
    form: true,
    answers: { 204: empty('Deleted.'), 303: empty('Deleted, for a browser.'), ...formAgain },
  },
]
