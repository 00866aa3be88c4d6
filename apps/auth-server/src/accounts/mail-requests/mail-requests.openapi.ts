import { checkYourMail } from '../../http/operation-answers.ts'
import { jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { mailRequestInput } from './request-mail.ts'

/** E-mails that anybody may request, with the same answer for any address. */
export const mailRequestOperations: Operation[] = [
  ...request(paths.resendConfirmation, 'a new confirmation e-mail', 'Sign-up'),
  ...request(paths.forgotPassword, 'a link to reset the password', 'Password'),
]

function request(path: string, what: string, tag: string): Operation[] {
  return [
    {
      method: 'get',
      path,
      summary: `The form to request ${what}.`,
      tag,
      access: 'anybody',
      answers: { 200: page('The form.') },
    },
    {
      method: 'post',
      path,
      summary: `Request ${what}.`,
      tag,
      access: 'anybody',
      body: mailRequestInput,
      form: true,
      answers: {
        202: jsonOrPage('Accepted, for any address.', checkYourMail),
        400: page('The form again, with the problems.'),
      },
      problems: { 429: ['too_many_attempts'] },
    },
  ]
}
