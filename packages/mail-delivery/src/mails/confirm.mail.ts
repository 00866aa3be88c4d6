import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To somebody who signed up: confirm the address, or have the account removed. */
export function confirmLetter({ data }: MailOf<'confirm'>): Letter {
  return {
    subject: `Confirm your account at ${data.siteName}`,
    preheader: 'One step is left before you can sign in.',
    title: 'Confirm your account',
    paragraphs: [
      `Somebody, most likely you, signed up at ${data.siteName} with this address and got ${accountName(data)}.`,
      'Confirm that the address is yours, and you can sign in.',
    ],
    button: linkButton('Confirm account', data.link),
    notMe: notMeLink(data.notMeUrl, 'You did not sign up? Then have the account removed.'),
  }
}
