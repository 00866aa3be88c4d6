import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import { accountName, type MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To a user who has forgotten the password, or whose account is in danger: choose a new one. */
export function resetLetter({ data }: MailOf<'reset'>): Letter {
  return {
    subject: `Set a new password at ${data.siteName}`,
    preheader: 'Your password stays as it is until you choose another one.',
    title: 'Set a new password',
    paragraphs: [
      `Somebody, most likely you, asked for a new password for ${accountName(data)} at ${data.siteName}.`,
      'Choose one with the button. It ends every sign-in of the account. Until then your password stays as it is.',
    ],
    button: linkButton('Set a new password', data.link),
    notMe: notMeLink(
      data.notMeUrl,
      'You did not ask for this? Then nothing has changed. If it happens again, tell us.',
    ),
  }
}
