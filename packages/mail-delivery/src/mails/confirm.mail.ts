import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import type { MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To a person who signed up: confirm the address, or cancel the sign-up. */
export function confirmLetter({ data }: MailOf<'confirm'>): Letter {
  return {
    subject: `Confirm your account at ${data.siteName}`,
    preheader: 'One step left before you can sign in.',
    title: 'Confirm your account',
    paragraphs: [
      `Someone, probably you, signed up at ${data.siteName} with this address${data.username === undefined ? '' : ` and the user name “${data.username}”`}.`,
      'Confirm that the address is yours, and you can sign in.',
    ],
    button: linkButton('Confirm account', data.link),
    notMe: notMeLink(data.notMeUrl, 'Didn’t sign up? Cancel the sign-up.'),
  }
}
