import type { Letter } from '../letter.ts'
import { linkButton } from './link-button.ts'
import type { MailOf } from './mail-data.ts'
import { notMeLink } from './not-me-link.ts'

/** To somebody who is invited by address: open an account. */
export function inviteLetter({ data }: MailOf<'invite'>): Letter {
  return {
    subject: `Your invitation to ${data.siteName}`,
    preheader: 'Choose a name and a password, and you are in.',
    title: `You are invited to ${data.siteName}`,
    paragraphs: [
      `An administrator of ${data.siteName} invites you to open an account with this address.`,
      'The invitation is for you alone and works once.',
    ],
    button: linkButton('Accept the invitation', data.link),
    notMe: notMeLink(data.notMeUrl, 'You do not know what this is about?'),
  }
}
