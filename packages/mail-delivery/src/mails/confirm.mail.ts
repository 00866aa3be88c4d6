import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To a person who signed up: confirm the address, or remove the account. */
export function confirmLetter({ data }: MailOf<'confirm'>): Letter {
  return {
    subject: `Confirm your account at ${data.siteName}`,
    preheader: 'One step left before you can sign in.',
    title: 'Confirm your account',
    paragraphs: [
      `Someone, probably you, signed up at ${data.siteName} with this address and created ${accountName(data)}.`,
      'Confirm that the address is yours, and you can sign in.',
    ],
    button: linkButton('Confirm account', data.link),
    notMe: notMeLink(data.notMeUrl, 'Did you not sign up? Then remove the account.'),
  }
}
