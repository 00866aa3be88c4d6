import { checkYourMail } from '../../http/operation-answers.ts'
import { jsonOrPage, type Operation, page } from '../../http/operation.ts'
import { paths } from '../../http/paths.ts'
import { mailRequestInput } from './request-mail.ts'

/** Mails that anybody may ask for, with the same answer whatever the address. */
export const mailRequestOperations: Operation[] = [
  ...request(paths.resendConfirmation, 'the confirmation once more', 'Sign-up'),
  ...request(paths.forgotPassword, 'a link to choose another password', 'Password'),
]

function request(path: string, what: string, tag: string): Operation[] {
  return [
    {
      method: 'get',
      path,
      summary: `The form for ${what}.`,
      tag,
      access: 'anybody',
      answers: { 200: page('The form.') },
    },
    {
      method: 'post',
      path,
      summary: `Ask for ${what}.`,
      tag,
      access: 'anybody',
      body: mailRequestInput,
      form: true,
      answers: {
        202: jsonOrPage('Look into your mails.', checkYourMail),
        400: page('The form once more, with what was wrong.'),
      },
      problems: { 429: ['too_many_attempts'] },
    },
  ]
}
