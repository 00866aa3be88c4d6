import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import type { MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To a person who is invited by e-mail: create an account. */
export function inviteLetter({ data }: MailOf<'invite'>): Letter {
  return {
    subject: `Your invitation to ${data.siteName}`,
    preheader: 'Choose a user name and a password, and you are in.',
    title: `You are invited to ${data.siteName}`,
    paragraphs: [
      `An administrator of ${data.siteName} invites you to create an account with this address.`,
      'The invitation is only for you and works once.',
    ],
    button: linkButton('Accept the invitation', data.link),
    notMe: notMeLink(data.notMeUrl, 'Do you not know what this is about?'),
  }
}
